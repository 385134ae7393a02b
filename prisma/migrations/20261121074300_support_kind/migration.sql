-- In a migration of its own: PostgreSQL lets no transaction use a value that it has added.
ALTER TYPE "ConversationKind" ADD VALUE 'SUPPORT';
