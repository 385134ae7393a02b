-- DropIndex
DROP INDEX "sessions_user_id_idx";

-- AlterTable
ALTER TABLE "sessions" ADD COLUMN     "address_hash" TEXT;

-- CreateIndex
CREATE INDEX "sessions_user_id_address_hash_idx" ON "sessions"("user_id", "address_hash");
