-- AlterTable
ALTER TABLE "conversations" ADD COLUMN     "greater_user_id" UUID,
ADD COLUMN     "last_message_at" TIMESTAMPTZ(3),
ADD COLUMN     "lesser_user_id" UUID;

-- CreateIndex
CREATE INDEX "conversations_greater_user_id_idx" ON "conversations"("greater_user_id");

-- CreateIndex
CREATE UNIQUE INDEX "conversations_lesser_user_id_greater_user_id_key" ON "conversations"("lesser_user_id", "greater_user_id");

-- AddForeignKey
ALTER TABLE "conversations" ADD CONSTRAINT "conversations_lesser_user_id_fkey" FOREIGN KEY ("lesser_user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "conversations" ADD CONSTRAINT "conversations_greater_user_id_fkey" FOREIGN KEY ("greater_user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- A direct conversation is between two, in one order, and nothing else is.
ALTER TABLE "conversations" ADD CONSTRAINT "conversations_two_of_direct" CHECK (
  CASE WHEN "kind" = 'DIRECT'
    THEN "lesser_user_id" IS NOT NULL AND "greater_user_id" IS NOT NULL AND "lesser_user_id" < "greater_user_id"
    ELSE "lesser_user_id" IS NULL AND "greater_user_id" IS NULL
  END);
