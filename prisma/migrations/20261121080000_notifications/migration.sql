-- AlterTable
ALTER TABLE "members" ADD COLUMN     "notified_seq" INTEGER NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "notification_contents" (
    "id" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "title" TEXT,
    "message" TEXT,
    "data" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "notification_contents_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "notifications" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "content_id" UUID NOT NULL,
    "event_seq" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "read_at" TIMESTAMPTZ(3),
    "conversation_id" UUID,
    "message_seq" INTEGER,

    CONSTRAINT "notifications_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "announcements" (
    "content_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "done_up_to" UUID NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
    "completed_at" TIMESTAMPTZ(3),

    CONSTRAINT "announcements_pkey" PRIMARY KEY ("content_id")
);

-- CreateTable
CREATE TABLE "follow_ups" (
    "message_id" UUID NOT NULL,

    CONSTRAINT "follow_ups_pkey" PRIMARY KEY ("message_id")
);

-- CreateIndex
CREATE INDEX "notification_contents_created_at_idx" ON "notification_contents"("created_at");

-- CreateIndex
CREATE INDEX "notifications_content_id_idx" ON "notifications"("content_id");

-- CreateIndex
CREATE INDEX "notifications_created_at_idx" ON "notifications"("created_at");

-- CreateIndex
CREATE UNIQUE INDEX "notifications_user_id_event_seq_key" ON "notifications"("user_id", "event_seq");

-- AddForeignKey
ALTER TABLE "notifications" ADD CONSTRAINT "notifications_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notifications" ADD CONSTRAINT "notifications_content_id_fkey" FOREIGN KEY ("content_id") REFERENCES "notification_contents"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "announcements" ADD CONSTRAINT "announcements_content_id_fkey" FOREIGN KEY ("content_id") REFERENCES "notification_contents"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What is counted, and made read by who reads a conversation.
CREATE INDEX "notifications_unread_idx" ON "notifications"("user_id", "event_seq") WHERE "read_at" IS NULL;

-- What is still on its way.
CREATE INDEX "announcements_pending_idx" ON "announcements"("created_at", "content_id") WHERE "completed_at" IS NULL;
