-- AlterTable
ALTER TABLE "messages" ADD COLUMN     "attachment_ids" UUID[] DEFAULT ARRAY[]::UUID[];

-- CreateTable
CREATE TABLE "files" (
    "id" UUID NOT NULL,
    "owner_id" UUID NOT NULL,
    "store" TEXT NOT NULL,
    "upload_key" TEXT NOT NULL DEFAULT '',
    "file_name" TEXT NOT NULL,
    "content_type" TEXT NOT NULL,
    "size_bytes" INTEGER NOT NULL,
    "part_bytes" INTEGER NOT NULL,
    "width" INTEGER,
    "height" INTEGER,
    "placeholder" TEXT,
    "thumbnail_bytes" INTEGER,
    "is_cleaned" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "completed_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3),

    CONSTRAINT "files_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "message_files" (
    "file_id" UUID NOT NULL,
    "message_id" UUID NOT NULL,

    CONSTRAINT "message_files_pkey" PRIMARY KEY ("file_id")
);

-- CreateTable
CREATE TABLE "file_usage" (
    "user_id" UUID NOT NULL,
    "bytes" BIGINT NOT NULL,

    CONSTRAINT "file_usage_pkey" PRIMARY KEY ("user_id")
);

-- CreateIndex
CREATE INDEX "files_owner_id_id_idx" ON "files"("owner_id", "id");

-- CreateIndex
CREATE INDEX "files_expires_at_idx" ON "files"("expires_at");

-- CreateIndex
CREATE INDEX "message_files_message_id_idx" ON "message_files"("message_id");

-- AddForeignKey
ALTER TABLE "files" ADD CONSTRAINT "files_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "message_files" ADD CONSTRAINT "message_files_file_id_fkey" FOREIGN KEY ("file_id") REFERENCES "files"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "message_files" ADD CONSTRAINT "message_files_message_id_fkey" FOREIGN KEY ("message_id") REFERENCES "messages"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "file_usage" ADD CONSTRAINT "file_usage_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- A file that is part of a message does not expire. Whatever ends the message, also the deletion of
-- its row with a room, lets the file expire at once.
CREATE FUNCTION keep_sent_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE files SET expires_at = NULL WHERE id = NEW.file_id;
  RETURN NULL;
END $$;

-- For each row, so that a send without files does not pay for it.
CREATE TRIGGER message_files_sent AFTER INSERT ON message_files FOR EACH ROW EXECUTE FUNCTION keep_sent_file();

CREATE FUNCTION expire_unsent_files() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE files SET expires_at = now() FROM changed WHERE files.id = changed.file_id;
  RETURN NULL;
END $$;

CREATE TRIGGER message_files_deleted AFTER DELETE ON message_files
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION expire_unsent_files();
