-- AlterTable
ALTER TABLE "conversations" ADD COLUMN     "external_id" TEXT,
ADD COLUMN     "metadata" JSONB NOT NULL DEFAULT '{}';

-- AlterTable
ALTER TABLE "users" ADD COLUMN     "metadata" JSONB NOT NULL DEFAULT '{}';

-- CreateIndex
CREATE UNIQUE INDEX "conversations_external_id_key" ON "conversations"("external_id");

-- One user for each subject while its issuer is not known. Its first token decides on the issuer.
CREATE UNIQUE INDEX "users_subject_without_issuer" ON "users"("subject") WHERE "issuer" IS NULL;
