-- AlterTable
ALTER TABLE "messages" ADD COLUMN     "pinned_at" TIMESTAMPTZ(3);

-- Lists and counts the pinned messages of a conversation. Prisma cannot describe a partial index.
CREATE INDEX "messages_pinned" ON "messages"("conversation_id", "pinned_at", "id") WHERE "pinned_at" IS NOT NULL;
