-- AlterTable
ALTER TABLE "files" ADD COLUMN     "deletion_retry_at" TIMESTAMPTZ(3);
