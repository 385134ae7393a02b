-- CreateTable
CREATE TABLE "sequenced_topics" (
    "topic" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,

    CONSTRAINT "sequenced_topics_pkey" PRIMARY KEY ("topic")
);

-- CreateTable
CREATE TABLE "leases" (
    "name" TEXT NOT NULL,
    "holder" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "leases_pkey" PRIMARY KEY ("name")
);
