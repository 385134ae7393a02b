-- Fields of messages for backends. The constant defaults are stored once in the catalogue, so the
-- table is not rewritten.
CREATE TYPE "MessageKind" AS ENUM ('TEXT', 'SYSTEM');

ALTER TABLE "messages" ADD COLUMN     "external_id" TEXT,
ADD COLUMN     "imported_at" TIMESTAMPTZ(3),
ADD COLUMN     "kind" "MessageKind" NOT NULL DEFAULT 'TEXT',
ADD COLUMN     "metadata" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "sent_by" TEXT;

ALTER TABLE "users" ADD COLUMN     "is_bot" BOOLEAN NOT NULL DEFAULT false;

CREATE TABLE "imported_ranges" (
    "conversation_id" UUID NOT NULL,
    "from_seq" INTEGER NOT NULL,
    "to_seq" INTEGER NOT NULL,

    CONSTRAINT "imported_ranges_pkey" PRIMARY KEY ("conversation_id","from_seq")
);

ALTER TABLE "imported_ranges" ADD CONSTRAINT "imported_ranges_conversation_id_fkey" FOREIGN KEY ("conversation_id") REFERENCES "conversations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Messages that were sent here have no external id, so a send does not write to this index.
CREATE UNIQUE INDEX "messages_external_id_key" ON "messages"("external_id") WHERE "external_id" IS NOT NULL;

-- Deleted messages and system messages do not count as unread. Each count reads those after a read
-- marker. Imported ranges are subtracted as a whole, so this index leaves out their messages.
DROP INDEX "messages_deleted";
CREATE INDEX "messages_uncounted" ON "messages"("conversation_id", "seq") WHERE ("deleted_at" IS NOT NULL OR "kind" = 'SYSTEM') AND "imported_at" IS NULL;
