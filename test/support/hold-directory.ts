// node --import tsx hold-directory.ts DIRECTORY CONVERSATION: opens a data directory, and stores
// one event after another until it is killed. Prints the number of each stored event, or the reason
// if it cannot start.
import { readConfig } from '../../src/config.ts';
import { openDatabase } from '../../src/db/database.ts';
import { transact } from '../../src/events/transactions.ts';
import { silentLog } from './silent-log.ts';

const [directory = '', conversationId = ''] = process.argv.slice(2);
try {
  const database = await openDatabase(readConfig({ DATA_DIR: directory }), silentLog);
  const publish = (fresh: readonly { event: { seq: number } }[]) =>
    console.log(fresh[0]!.event.seq);
  while (true)
    await transact({ database, publish }, async (_, record) =>
      record({ type: 'RoomUpdated', data: { conversationId } }),
    );
} catch (error) {
  console.log(`${error}`);
  process.exit(1);
}
