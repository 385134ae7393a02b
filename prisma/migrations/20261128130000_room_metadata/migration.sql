-- Finds public rooms by what their metadata contains.
CREATE INDEX "conversations_public_metadata" ON "conversations" USING GIN ("metadata" jsonb_path_ops) WHERE "visibility" = 'PUBLIC';
