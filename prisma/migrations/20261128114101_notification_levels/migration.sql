-- CreateEnum
CREATE TYPE "NotificationLevel" AS ENUM ('ALL', 'MENTIONS', 'NOTHING');

-- AlterTable
ALTER TABLE "conversations" ADD COLUMN     "has_listeners" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "members" ADD COLUMN     "notification_level" "NotificationLevel",
ADD COLUMN     "notification_level_until" TIMESTAMPTZ(3);

-- Counts the unread messages that mention or answer a member, and finds the members who chose every message.
-- Prisma cannot describe partial indexes.
CREATE INDEX "messages_addressing" ON "messages"("conversation_id", "seq") WHERE "reply_to_id" IS NOT NULL OR "mentioned_user_ids" <> '{}';
CREATE INDEX "members_listening" ON "members"("conversation_id") WHERE "notification_level" = 'ALL';
