-- Finds rooms by what their metadata contains: public rooms, those of a user with many rooms, and all rooms for services. New entries
-- go into the index at once: in a list of pending entries, every search would read up to 4 MB of them.
DROP INDEX "conversations_public_metadata";
CREATE INDEX "conversations_metadata" ON "conversations" USING GIN ("metadata" jsonb_path_ops) WITH (fastupdate = off) WHERE "kind" = 'ROOM';
