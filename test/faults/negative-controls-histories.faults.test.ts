import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { expect, it } from 'vitest';
import { Person, person } from '../support/person.ts';
import { createRoom } from '../support/rooms.ts';
import { postgresPrograms } from '../support/postgres.ts';
import { temporaryDirectory } from '../support/server-process.ts';
import { createDatabase, describeWithPostgres } from '../support/servers.ts';
import { startNode } from '../support/start-node.ts';
import { send } from '../support/send-and-follow.ts';
import { atTheBeginning, checkFollower, checkSettledFollower } from './checker/followers.ts';
import { seqOf, type LogEntry, type Observation } from './checker/history.ts';
import { followDocument, readLog, observationOf } from './observations.ts';

const run = promisify(execFile);
const programs = postgresPrograms()!;

describeWithPostgres('control: a number without a tag', () => {
  const readRoom = async (url: string, roomId: string): Promise<LogEntry[]> => {
    const client = new pg.Client(url);
    await client.connect();
    return readLog(client, roomId).finally(() => client.end());
  };

  it('[P15] takes a restored database for a continuation, while a cursor with a tag is refused', async () => {
    const url = await createDatabase();
    const restoredUrl = await createDatabase('empty');
    const dump = join(temporaryDirectory(), 'dump');
    const settings = { RATE_LIMITS: 'off', DATABASE_URL: url };
    await using node = await startNode({ settings });
    await using ann = await person(node, 'ann');
    const { id } = await createRoom(ann, { name: 'Quay' });
    await send(ann, id, 'before the backup');
    await run(join(programs, 'pg_dump'), ['--format=custom', `--file=${dump}`, url]);
    const received = ann.follow(followDocument, { roomId: id });
    await received.count(1);
    for (const body of ['lost 1', 'lost 2']) await send(ann, id, body);
    await received.count(3);
    const observed: Observation[] = received.events.map((event) => observationOf(event));
    expect(checkSettledFollower(await readRoom(url, id), observed)).toEqual([]);

    await run(join(programs, 'pg_restore'), [`--dbname=${restoredUrl}`, dump]);
    await using restored = await startNode({
      settings: { ...settings, DATABASE_URL: restoredUrl },
    });
    await using annAgain = new Person(restored, {
      accessToken: ann.token,
      refreshToken: null,
      user: ann,
    });
    for (const body of ['new 1', 'new 2', 'new 3']) await send(annAgain, id, body);
    const log = await readRoom(restoredUrl, id);

    const cursor: string = received.events.at(-1).cursor;
    const resumed = annAgain.follow(followDocument, { roomId: id, after: cursor });
    const [reset, caughtUp] = (await resumed.count(2)).events;
    expect(reset).toMatchObject({ __typename: 'StreamReset', resetReason: 'UNKNOWN_CURSOR' });

    // The same number with the tag that the restored database has there is what a number alone
    // would have been.
    const kept: string = received.events[0].cursor;
    const replayed = annAgain.follow(followDocument, { roomId: id, after: kept });
    const { cursor: numberOnly } = await replayed.find(
      (event) => seqOf(event.cursor) === seqOf(cursor),
    );
    expect(numberOnly).not.toBe(cursor);
    const continued = annAgain.follow(followDocument, { roomId: id, after: numberOnly });
    await continued.until(({ events }) => events.at(-1)?.__typename === 'CaughtUp');
    const observedOfBoth: Observation[] = [
      ...observed,
      { type: 'began', at: 0 },
      ...continued.events.map((event) => observationOf(event)),
    ];
    expect(checkSettledFollower(log, observedOfBoth).map(({ rule }) => rule)).toEqual([
      'differs',
      'differs',
    ]);

    await send(annAgain, id, 'new 4');
    await resumed.count(3);
    const { position } = checkFollower(log, [observationOf(caughtUp)]);
    expect(
      checkSettledFollower(await readRoom(restoredUrl, id), [observationOf(resumed.events[2])], {
        ...atTheBeginning,
        position,
      }),
    ).toEqual([]);
  });
});
