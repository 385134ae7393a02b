-- Lists and counts the replies to a message, and finds them if the message is deleted. Messages that reply to
-- nothing are not in it. Prisma cannot describe a partial index.
CREATE INDEX "messages_replies" ON "messages"("reply_to_id", "seq") WHERE "reply_to_id" IS NOT NULL;

-- DropIndex
DROP INDEX "messages_reply_to_id_idx";
