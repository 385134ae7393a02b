-- AlterTable
ALTER TABLE "push_subscriptions" ADD COLUMN     "retry_at" TIMESTAMPTZ(3);
