-- Events from before have the tag 0 in every copy of this database. With an id of its own for each copy that is migrated, no cursor of
-- another copy, which may have gone on differently, counts here. Followers are reset once.
ALTER TABLE "epochs" RENAME TO "database_id";
ALTER TABLE "database_id" RENAME CONSTRAINT "epochs_pkey" TO "database_id_pkey";
UPDATE "database_id" SET "id" = gen_random_uuid();

-- Constant defaults: no table is rewritten.
-- AlterTable
ALTER TABLE "topics" ADD COLUMN     "tag" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "events" ADD COLUMN     "follows" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "tag" INTEGER NOT NULL DEFAULT 0;
