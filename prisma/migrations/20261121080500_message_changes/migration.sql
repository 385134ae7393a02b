-- AlterTable
ALTER TABLE "conversations" ADD COLUMN     "expired_seq" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "messages" ADD COLUMN     "deleted_at" TIMESTAMPTZ(3),
ADD COLUMN     "edited_at" TIMESTAMPTZ(3),
ADD COLUMN     "fingerprint" TEXT;

-- AlterTable
ALTER TABLE "users" ADD COLUMN     "messages_go" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "reactions" (
    "message_id" UUID NOT NULL,
    "emoji" TEXT NOT NULL,
    "user_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "reactions_pkey" PRIMARY KEY ("message_id","emoji","user_id")
);

-- CreateIndex
CREATE INDEX "reactions_user_id_idx" ON "reactions"("user_id");

-- AddForeignKey
ALTER TABLE "reactions" ADD CONSTRAINT "reactions_message_id_fkey" FOREIGN KEY ("message_id") REFERENCES "messages"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reactions" ADD CONSTRAINT "reactions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Those few who went and whose messages are still to be deleted.
CREATE INDEX "users_messages_go" ON "users"("id") WHERE "messages_go";

-- Words of any language, as they are written. What is new waits in a short list, so that no send pays for the emptying of a long one.
CREATE INDEX "messages_search" ON "messages" USING GIN (to_tsvector('simple', "body")) WITH (gin_pending_list_limit = 256);
