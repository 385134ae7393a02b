-- AlterTable
ALTER TABLE "restrictions" ADD COLUMN     "ban_reason" TEXT;
