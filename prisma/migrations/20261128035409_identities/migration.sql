-- DropIndex
DROP INDEX "users_subject_key";

-- AlterTable
ALTER TABLE "sessions" ADD COLUMN     "last_used_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
ADD COLUMN     "user_agent" TEXT;

-- Not known of sessions from before: no earlier than their start.
UPDATE "sessions" SET "last_used_at" = "created_at";

-- AlterTable
ALTER TABLE "users" ADD COLUMN     "claims_at" TIMESTAMPTZ(3),
ADD COLUMN     "issuer" TEXT;

-- CreateIndex
CREATE UNIQUE INDEX "users_subject_issuer_key" ON "users"("subject", "issuer");
