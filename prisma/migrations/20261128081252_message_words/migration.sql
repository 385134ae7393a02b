-- A column without a default: no row is rewritten. Maintenance fills it for old messages, in batches, newest first.
-- AlterTable
ALTER TABLE "messages" ADD COLUMN     "words" tsvector;

DROP INDEX "messages_search";

-- New entries wait in a short list, so that no send waits until a long one is merged.
CREATE INDEX "messages_words" ON "messages" USING GIN ("words") WITH (gin_pending_list_limit = 256) WHERE "words" IS NOT NULL;

-- The messages that maintenance still has to index. Empty afterwards.
CREATE INDEX "messages_without_words" ON "messages"("id") WHERE "words" IS NULL AND "body" IS NOT NULL;
