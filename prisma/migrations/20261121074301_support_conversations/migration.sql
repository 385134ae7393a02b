-- AlterTable
ALTER TABLE "conversations" ADD COLUMN     "assignee_id" UUID,
ADD COLUMN     "customer_id" UUID,
ADD COLUMN     "reopened_seq" INTEGER,
ADD COLUMN     "resolved_at" TIMESTAMPTZ(3);

-- CreateIndex
CREATE UNIQUE INDEX "conversations_customer_id_key" ON "conversations"("customer_id");

-- CreateIndex
CREATE INDEX "conversations_assignee_id_idx" ON "conversations"("assignee_id");

-- AddForeignKey
ALTER TABLE "conversations" ADD CONSTRAINT "conversations_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "conversations" ADD CONSTRAINT "conversations_assignee_id_fkey" FOREIGN KEY ("assignee_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- A support conversation has a customer, and nothing else has one, an assignee or an end. What opened it again is not of that: the
-- statement that stores sends proposes it for conversations of every kind.
ALTER TABLE "conversations" ADD CONSTRAINT "conversations_customer_of_support" CHECK (
  CASE WHEN "kind" = 'SUPPORT'
    THEN "customer_id" IS NOT NULL
    ELSE "customer_id" IS NULL AND "assignee_id" IS NULL AND "resolved_at" IS NULL
  END);

-- The desk is paged in the order of the newest messages.
CREATE INDEX "conversations_desk_order" ON "conversations"("last_message_at", "id") WHERE "kind" = 'SUPPORT';
