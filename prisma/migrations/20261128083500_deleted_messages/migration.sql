-- Deleted messages do not count as unread. Each count reads the deleted messages after a read marker.
CREATE INDEX "messages_deleted" ON "messages"("conversation_id", "seq") WHERE "deleted_at" IS NOT NULL;
