import { parseArgs } from 'node:util';
import { importLines, type Line } from './import/lines.ts';
import { fromMattermost } from './import/mattermost.ts';
import { fromRocketChat } from './import/rocket-chat.ts';
import { mutateAt, sendLines, type Counts } from './import/send-lines.ts';
import { fromSlack } from './import/slack.ts';

// npm run import -- FILE: imports users, rooms, members and messages from JSON lines, or from an
// export of another server. docs/backend.md describes the lines. Start it again after an
// interruption: what is there already is skipped.

const sources: { readonly [name: string]: (path: string) => AsyncIterable<Line> } = {
  lines: importLines,
  slack: fromSlack,
  'rocket.chat': fromRocketChat,
  mattermost: fromMattermost,
};

const usage = `Usage: SERVICE_TOKEN=… npm run import -- [--from ${Object.keys(sources).join('|')}] [--url URL] [--convert] FILE
  --url      the API, by default http://127.0.0.1:4000/graphql
  --convert  prints the lines instead of sending them
The token needs the scopes users, rooms and messages.
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    from: { type: 'string', default: 'lines' },
    url: { type: 'string', default: 'http://127.0.0.1:4000/graphql' },
    convert: { type: 'boolean', default: false },
  },
});
const [path] = positionals;
const read = Object.hasOwn(sources, values.from) ? sources[values.from] : undefined;
const token = process.env.SERVICE_TOKEN;

if (!path || !read || (!values.convert && !token)) {
  process.stderr.write(usage);
  process.exitCode = 1;
} else if (values.convert) await convert(read(path));
else await send(read(path), values.url, token!);

async function convert(lines: AsyncIterable<Line>): Promise<void> {
  try {
    for await (const line of lines) process.stdout.write(`${JSON.stringify(line)}\n`);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}

async function send(lines: AsyncIterable<Line>, url: string, token: string): Promise<void> {
  const startedAt = performance.now();
  const report = ({ users, rooms, members, messages, skipped }: Counts) => {
    const perSecond = (messages + skipped) / ((performance.now() - startedAt) / 1000);
    return `${users} users, ${rooms} rooms, ${members} members, ${messages} messages (${skipped} were there already), ${perSecond.toFixed(0)} messages a second`;
  };
  try {
    const counts = await sendLines(lines, mutateAt(url, token), (counts) => {
      if (process.stderr.isTTY) process.stderr.write(`\r${report(counts)}`);
    });
    process.stdout.write(`\n${report(counts)}\n`);
  } catch (error) {
    process.stderr.write(
      `\n${(error as Error).message}\nNothing is lost: start the import again to continue.\n`,
    );
    process.exitCode = 1;
  }
}
