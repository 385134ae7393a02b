-- A deletion marks the notifications about the message as read.
CREATE INDEX "notifications_unread_about" ON "notifications"("conversation_id", "message_seq") WHERE "read_at" IS NULL AND "conversation_id" IS NOT NULL;
