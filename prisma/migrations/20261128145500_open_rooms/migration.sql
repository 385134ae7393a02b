-- The public rooms that are not archived, by name: the lobby walks along it.
CREATE INDEX "conversations_open_rooms" ON "conversations"("name_key") WHERE "visibility" = 'PUBLIC' AND "archived_at" IS NULL AND "deleted_at" IS NULL;
