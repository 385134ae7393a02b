-- AlterTable
ALTER TABLE "members" ADD COLUMN     "last_sent_at" TIMESTAMPTZ(3),
ADD COLUMN     "muted_until" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "users" ADD COLUMN     "deleted_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "restrictions" (
    "conversation_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "banned_at" TIMESTAMPTZ(3),
    "banned_until" TIMESTAMPTZ(3),
    "muted_until" TIMESTAMPTZ(3),
    "last_sent_at" TIMESTAMPTZ(3),

    CONSTRAINT "restrictions_pkey" PRIMARY KEY ("conversation_id","user_id")
);

-- CreateTable
CREATE TABLE "moderation_entries" (
    "id" UUID NOT NULL,
    "conversation_id" UUID NOT NULL,
    "action" TEXT NOT NULL,
    "moderator_id" UUID NOT NULL,
    "user_id" UUID,
    "message_id" UUID,
    "role" "MemberRole",
    "reason" TEXT,
    "until" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "moderation_entries_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "reports" (
    "id" UUID NOT NULL,
    "conversation_id" UUID NOT NULL,
    "message_id" UUID NOT NULL,
    "reporter_id" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "resolved_at" TIMESTAMPTZ(3),
    "resolved_by_id" UUID,

    CONSTRAINT "reports_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "restrictions_user_id_idx" ON "restrictions"("user_id");

-- CreateIndex
CREATE INDEX "moderation_entries_conversation_id_id_idx" ON "moderation_entries"("conversation_id", "id");

-- CreateIndex
CREATE INDEX "moderation_entries_moderator_id_idx" ON "moderation_entries"("moderator_id");

-- CreateIndex
CREATE INDEX "moderation_entries_user_id_idx" ON "moderation_entries"("user_id");

-- CreateIndex
CREATE INDEX "moderation_entries_message_id_idx" ON "moderation_entries"("message_id");

-- CreateIndex
CREATE INDEX "reports_conversation_id_id_idx" ON "reports"("conversation_id", "id");

-- CreateIndex
CREATE INDEX "reports_reporter_id_idx" ON "reports"("reporter_id");

-- CreateIndex
CREATE INDEX "reports_resolved_by_id_idx" ON "reports"("resolved_by_id");

-- CreateIndex
CREATE UNIQUE INDEX "reports_message_id_reporter_id_key" ON "reports"("message_id", "reporter_id");

-- CreateIndex
CREATE INDEX "refresh_tokens_expires_at_idx" ON "refresh_tokens"("expires_at");

-- AddForeignKey
ALTER TABLE "restrictions" ADD CONSTRAINT "restrictions_conversation_id_fkey" FOREIGN KEY ("conversation_id") REFERENCES "conversations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "restrictions" ADD CONSTRAINT "restrictions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "moderation_entries" ADD CONSTRAINT "moderation_entries_conversation_id_fkey" FOREIGN KEY ("conversation_id") REFERENCES "conversations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "moderation_entries" ADD CONSTRAINT "moderation_entries_moderator_id_fkey" FOREIGN KEY ("moderator_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "moderation_entries" ADD CONSTRAINT "moderation_entries_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "moderation_entries" ADD CONSTRAINT "moderation_entries_message_id_fkey" FOREIGN KEY ("message_id") REFERENCES "messages"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reports" ADD CONSTRAINT "reports_conversation_id_fkey" FOREIGN KEY ("conversation_id") REFERENCES "conversations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reports" ADD CONSTRAINT "reports_message_id_fkey" FOREIGN KEY ("message_id") REFERENCES "messages"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reports" ADD CONSTRAINT "reports_reporter_id_fkey" FOREIGN KEY ("reporter_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reports" ADD CONSTRAINT "reports_resolved_by_id_fkey" FOREIGN KEY ("resolved_by_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- What is looked for in the background: guests who may be due to go, and what deleted users leave behind.
CREATE INDEX "users_guests" ON "users"("created_at") WHERE "is_guest" AND "deleted_at" IS NULL;
CREATE INDEX "users_deleted" ON "users"("deleted_at") WHERE "deleted_at" IS NOT NULL;
