-- Which conversations are no rooms shows in their ids: they are made of those of their users. Sends rely on it.
ALTER TABLE "conversations" ADD CONSTRAINT "conversations_ids_of_kinds" CHECK ("kind" = 'ROOM' OR substr("id"::text, 15, 1) = '5');
