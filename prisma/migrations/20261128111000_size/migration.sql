-- The next membership of a user, for the deletion of an account. Replaces the index by user alone.
CREATE INDEX "members_user_id_conversation_id_idx" ON "members"("user_id", "conversation_id");
DROP INDEX "members_user_id_idx";

-- When a topic has something to trim. Every topic of an earlier version is looked at once.
ALTER TABLE "topics" ADD COLUMN "oldest_at" TIMESTAMPTZ(3) DEFAULT '-infinity';
CREATE INDEX "topics_oldest_at_idx" ON "topics"("oldest_at");

-- The number of members of each room. A table of its own, because sends lock the row of the room.
CREATE TABLE "member_counts" (
    "conversation_id" UUID NOT NULL,
    "members" INTEGER NOT NULL,
    CONSTRAINT "member_counts_pkey" PRIMARY KEY ("conversation_id")
);
ALTER TABLE "member_counts" ADD CONSTRAINT "member_counts_conversation_id_fkey" FOREIGN KEY ("conversation_id") REFERENCES "conversations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

INSERT INTO "member_counts" ("conversation_id", "members")
SELECT "conversations"."id", count(*) FROM "conversations" JOIN "members" ON "members"."conversation_id" = "conversations"."id"
WHERE "kind" = 'ROOM' GROUP BY "conversations"."id";

-- Triggers, so that every statement that changes memberships changes the counts with them. The one for new members runs for each row:
-- a statement that stores a send inserts members too, but almost never a new one, and must not pay for this.
CREATE FUNCTION "count_new_member"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO member_counts (conversation_id, members)
  SELECT id, 1 FROM conversations WHERE id = NEW.conversation_id AND kind = 'ROOM'
  ON CONFLICT (conversation_id) DO UPDATE SET members = member_counts.members + 1;
  RETURN NULL;
END $$;

CREATE FUNCTION "count_former_members"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM member_counts WHERE conversation_id IN (SELECT conversation_id FROM removed) ORDER BY conversation_id FOR NO KEY UPDATE;
  UPDATE member_counts SET members = member_counts.members - gone.members
  FROM (SELECT conversation_id, count(*) AS members FROM removed GROUP BY conversation_id) AS gone
  WHERE gone.conversation_id = member_counts.conversation_id;
  RETURN NULL;
END $$;

CREATE TRIGGER "count_new_member" AFTER INSERT ON "members" FOR EACH ROW EXECUTE FUNCTION "count_new_member"();
CREATE TRIGGER "count_former_members" AFTER DELETE ON "members" REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION "count_former_members"();
