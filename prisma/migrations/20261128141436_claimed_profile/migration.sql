-- AlterTable
ALTER TABLE "users" ADD COLUMN     "claimed_profile" JSONB NOT NULL DEFAULT '{}';
