-- The parts of a text of one to three characters. With an index on them, a search for any part of a text needs no extension.
CREATE FUNCTION "search_parts"("text" text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
  'SELECT array_agg(DISTINCT substr($1, start, size)) FROM generate_series(1, 3) AS size, generate_series(1, length($1) - size + 1) AS start';

CREATE INDEX "conversations_public_parts" ON "conversations" USING GIN (search_parts("name_key" || E'\n' || lower(coalesce("topic", '')))) WHERE "visibility" = 'PUBLIC';
CREATE INDEX "users_parts" ON "users" USING GIN (search_parts(lower("username" || E'\n' || "display_name"))) WHERE NOT "is_guest" AND "deleted_at" IS NULL;
CREATE INDEX "users_listed" ON "users"("username") WHERE NOT "is_guest" AND "deleted_at" IS NULL;
CREATE INDEX "users_role_idx" ON "users"("role");

-- The order of a search in all conversations.
CREATE INDEX "messages_in_time" ON "messages"("created_at", "conversation_id", "seq") WHERE "words" IS NOT NULL;

CREATE INDEX "reports_open" ON "reports"("id") WHERE "resolved_at" IS NULL;
CREATE INDEX "notifications_unread" ON "notifications"("user_id", "event_seq") WHERE "read_at" IS NULL;

-- Whether a listed conversation is resolved, so that the list of open or resolved ones is a walk along an index. A trigger keeps it,
-- because statements of several kinds resolve and reopen conversations.
ALTER TABLE "listed_conversations" ADD COLUMN "is_resolved" BOOLEAN NOT NULL DEFAULT false;
UPDATE "listed_conversations" SET "is_resolved" = true FROM "conversations" WHERE "conversations"."id" = "conversation_id" AND "resolved_at" IS NOT NULL;
CREATE INDEX "listed_conversations_topic_is_resolved_event_seq_idx" ON "listed_conversations"("topic", "is_resolved", "event_seq");
CREATE INDEX "listed_conversations_conversation_id_idx" ON "listed_conversations"("conversation_id");

CREATE FUNCTION "list_as_resolved"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE listed_conversations SET is_resolved = NEW.resolved_at IS NOT NULL WHERE conversation_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER "list_as_resolved" AFTER UPDATE OF "resolved_at" ON "conversations" FOR EACH ROW
  WHEN ((OLD."resolved_at" IS NULL) <> (NEW."resolved_at" IS NULL)) EXECUTE FUNCTION "list_as_resolved"();
