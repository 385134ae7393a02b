import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bytesOf, createUpload, get, sendFiles, upload } from '../support/files.ts';
import { deleteMessage } from '../support/messages.ts';
import { password, person, type Person } from '../support/person.ts';
import { createRoom } from '../support/rooms.ts';
import { startS3, type S3Server } from '../support/s3.ts';
import { postgresUrl } from '../support/servers.ts';
import { service } from '../support/service.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { until } from '../support/until.ts';

/** The keys of the objects and uploads on the disk of a node. */
async function keysOnDisk({ settings }: TestNode): Promise<string[]> {
  const root = `${settings.DATA_DIR}/files`;
  const namesIn = (path: string) => readdir(path).catch(() => []);
  const shards = await namesIn(`${root}/objects`);
  const objects = await Promise.all(shards.map((shard) => namesIn(`${root}/objects/${shard}`)));
  return [...(await namesIn(`${root}/uploads`)), ...objects.flat()];
}

describe.skipIf(!postgresUrl || process.env.TEST_EMBEDDED).each(['disk', 's3'] as const)(
  '[P17] the bytes of a file on %s',
  (storeName) => {
    let s3: S3Server | undefined;
    let node: TestNode;
    let ann: Person, bob: Person;
    let quay: string;
    beforeAll(async () => {
      s3 = storeName === 's3' ? await startS3() : undefined;
      node = await startNode({
        settings: {
          RATE_LIMITS: 'off',
          DELETED_ACCOUNTS_MESSAGES: 'delete',
          ROOM_RETENTION_DAYS: '30',
          ...s3?.settings,
        },
        limits: { deliveryCheckMs: 100, maintenanceMs: 100 },
      });
      [ann, bob] = [await person(node, 'ann'), await person(node, 'bob')];
      quay = (await createRoom(ann, { name: 'quay' })).id;
    });
    afterAll(async () => {
      for (const someone of [ann, bob]) await someone[Symbol.asyncDispose]();
      await node[Symbol.asyncDispose]();
      await s3?.[Symbol.asyncDispose]();
    });

    const stored = () => (s3 ? s3.keys() : keysOnDisk(node));

    async function sendFile(by: Person, room: string) {
      const { id, url } = await upload(node, by, bytesOf(5));
      return { ...(await sendFiles(by, room, [id])), url };
    }

    async function query(text: string, values: unknown[] = []) {
      const client = new pg.Client(node.settings.DATABASE_URL);
      await client.connect();
      try {
        return (await client.query(text, values)).rows;
      } finally {
        await client.end();
      }
    }

    it('are deleted with the message, by its author or by retention, and no others are', async () => {
      const messages = [];
      for (let count = 0; count < 3; count++) messages.push(await sendFile(ann, quay));
      const [deleted, expired, kept] = messages;
      const idOf = ({ url }: { url: string }) => url.split('/').at(-1)!;
      await deleteMessage(ann, { messageId: deleted!.id });
      await query(
        "update messages set created_at = now() - interval '31 days' where conversation_id = $1 and seq <= (select seq from messages where id = $2)",
        [quay, expired!.id],
      );
      await until('only the last is left', async () => (await stored()).length === 1);
      expect(await stored()).toEqual([idOf(kept!)]);
      expect((await get(node, ann, expired!.url)).status).toBe(404);
      await deleteMessage(ann, { messageId: kept!.id });
      await until('all are gone', async () => (await stored()).length === 0);
    });

    it('are deleted with the room and the account, and no others are', async () => {
      const { id: pier } = await createRoom(bob, { name: 'pier' });
      await sendFile(bob, pier);
      await sendFile(ann, quay);
      expect(await stored()).toHaveLength(2);
      const shop = await service(node, ['rooms']);
      await shop.query('mutation ($id: ID!) { deleteRoom(input: { roomId: $id }) { ok } }', {
        id: pier,
      });
      await until('the file of the room is gone', async () => (await stored()).length === 1);
      await upload(node, ann, bytesOf(5));
      await createUpload(ann, { sizeBytes: 5 });
      await ann.query(`mutation { deleteMyAccount(input: { password: "${password}" }) { ok } }`);
      await until('the files of the account are gone', async () => (await stored()).length === 0);
    });

    it('are deleted after a day if the file is not sent', async () => {
      const { id: dock } = await createRoom(bob, { name: 'dock' });
      const { id: sent } = await upload(node, bob, bytesOf(5));
      const message = await sendFiles(bob, dock, [sent]);
      await upload(node, bob, bytesOf(5));
      await createUpload(bob, { sizeBytes: 5 });
      const ages = await query(
        'select id, round(extract(epoch from expires_at - now()) / 3600)::int as hours from files order by id',
      );
      expect(ages.map(({ hours }) => hours)).toEqual([null, 24, 24]);
      await query("update files set expires_at = expires_at - interval '1 day'");
      await until('only the sent file is left', async () => (await stored()).length === 1);
      await delay(500);
      expect(await stored()).toEqual([sent]);
      await deleteMessage(bob, { messageId: message.id });
    });

    it.skipIf(storeName === 's3')(
      'cannot be fetched or sent again while their deletion fails, and are deleted later',
      async () => {
        const { id: dock } = await createRoom(bob, { name: 'slip' });
        const { id, url } = await upload(node, bob, bytesOf(5));
        const message = await sendFiles(bob, dock, [id]);
        // The directory of uploads is a file now, so the disk refuses.
        const uploads = `${node.settings.DATA_DIR}/files/uploads`;
        await rename(uploads, `${uploads}-away`);
        await writeFile(uploads, '');
        await deleteMessage(bob, { messageId: message.id });
        const failures = () =>
          query(
            'select expires_at <= now() as "isExpired" from files where id = $1 and deletion_retry_at > now()',
            [id],
          );
        await until('a deletion has failed', async () => (await failures()).length > 0);
        expect(await failures()).toEqual([{ isExpired: true }]);
        expect((await get(node, bob, url)).status).toBe(404);
        await expect(sendFiles(bob, dock, [id])).rejects.toMatchObject({ code: 'NOT_FOUND' });
        expect(await stored()).toContain(id);
        await rm(uploads);
        await rename(`${uploads}-away`, uploads);
        await query('update files set deletion_retry_at = now() where id = $1', [id]);
        await until('the bytes are gone', async () => !(await stored()).includes(id));
      },
    );
  },
);
