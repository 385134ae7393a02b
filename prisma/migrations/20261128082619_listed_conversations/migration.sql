-- CreateTable
CREATE TABLE "listed_conversations" (
    "topic" TEXT NOT NULL,
    "conversation_id" UUID NOT NULL,
    "event_seq" BIGINT NOT NULL,

    CONSTRAINT "listed_conversations_pkey" PRIMARY KEY ("topic","conversation_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "listed_conversations_topic_event_seq_key" ON "listed_conversations"("topic", "event_seq");

-- AddForeignKey
ALTER TABLE "listed_conversations" ADD CONSTRAINT "listed_conversations_conversation_id_fkey" FOREIGN KEY ("conversation_id") REFERENCES "conversations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- The listed conversations keep their order. Their numbers end with the newest event of the topic, so every later event has a
-- greater one.
INSERT INTO "listed_conversations" ("topic", "conversation_id", "event_seq")
SELECT "listing"."topic", "conversations"."id",
  coalesce("topics"."head", 0) + 1 - row_number() OVER (PARTITION BY "listing"."topic" ORDER BY "last_message_at" DESC, "conversations"."id" DESC)
FROM "conversations"
  CROSS JOIN LATERAL unnest(CASE "kind"
    WHEN 'DIRECT' THEN array['direct:' || "lesser_user_id", 'direct:' || "greater_user_id"]
    WHEN 'SUPPORT' THEN array['support'] END) AS "listing"("topic")
  LEFT JOIN "topics" ON "topics"."id" = "listing"."topic"
WHERE "last_message_at" IS NOT NULL;

DROP INDEX "conversations_desk_order";

-- AlterTable
ALTER TABLE "conversations" DROP COLUMN "last_message_at";
