-- AlterTable
ALTER TABLE "conversations" ADD COLUMN     "deleted_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "members" ADD COLUMN     "metadata" JSONB NOT NULL DEFAULT '{}';

-- AlterTable
ALTER TABLE "users" ADD COLUMN     "assigned_role" "Role";

-- The rooms whose rows are being deleted in the background.
CREATE INDEX "conversations_deleted" ON "conversations"("id") WHERE "deleted_at" IS NOT NULL;
