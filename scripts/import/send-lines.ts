import { setTimeout as delay } from 'node:timers/promises';
import type { Line } from './lines.ts';

const itemsMax = 1000;
/** Below the limit of the server for requests of backends. */
const batchBytes = 6 * 2 ** 20;
/** The most messages that wait, in all conversations, until one of them has a full batch. */
const waitingMax = 20_000;
const retriesMax = 8;
/** So that the server and its database work at the same time. */
const callsAtOnce = 2;

type Message = Extract<Line, { type: 'message' }>;

export interface Counts {
  users: number;
  rooms: number;
  members: number;
  messages: number;
  /** Messages that were there already. */
  skipped: number;
}

/** Executes one mutation, and returns its payload. */
export type Mutate = (
  name: string,
  input: object,
  fields: string,
) => Promise<Readonly<Record<string, unknown>>>;

/**
 * Imports lines in batches. Lines of other types take effect before the messages that follow them.
 * Messages of different conversations are sent at once, those of one in their order. Every call can
 * be repeated, so an interrupted import is completed by starting it again.
 */
export async function sendLines(
  lines: AsyncIterable<Line>,
  mutate: Mutate,
  progress: (counts: Counts) => void,
): Promise<Counts> {
  const counts: Counts = { users: 0, rooms: 0, members: 0, messages: 0, skipped: 0 };
  let others: Line[] = [];
  const messages = new Map<string, { items: Message[]; bytes: number }>();
  let waiting = 0;
  /** The calls under way, by conversation. They never reject. */
  const running = new Map<string, Promise<void>>();
  let failure: { readonly error: unknown } | undefined;

  async function sendOthers(): Promise<void> {
    const [first] = others;
    if (!first) return;
    const items = others.map(({ type: _, ...item }) => item);
    others = [];
    if (first.type === 'user') {
      await mutate('upsertUsers', { users: items }, 'createdCount');
      counts.users += items.length;
    } else if (first.type === 'room') {
      await mutate('upsertRooms', { rooms: items }, 'createdCount');
      counts.rooms += items.length;
    } else
      for (const input of mergeMembers(items as unknown as readonly Members[])) {
        await mutate('addMembers', input, 'changedCount');
        counts.members += input.userIds.length;
      }
    progress(counts);
  }

  async function sendMessages(conversationId: string): Promise<void> {
    const items = messages.get(conversationId)!.items;
    messages.delete(conversationId);
    waiting -= items.length;
    const input = {
      conversationId,
      messages: items.map(({ type: _, conversationId: __, ...item }) => item),
    };
    const { importedCount, skippedCount } = await mutate(
      'importMessages',
      input,
      'importedCount skippedCount',
    );
    counts.messages += Number(importedCount);
    counts.skipped += Number(skippedCount);
    progress(counts);
  }

  /** Starts a call as soon as it may run. Rejects if an earlier one has failed. */
  async function start(conversationId: string): Promise<void> {
    while (running.has(conversationId) || running.size === callsAtOnce)
      await Promise.race(running.values());
    if (failure) throw failure.error;
    const call = sendMessages(conversationId)
      .catch((error: unknown) => void (failure ??= { error }))
      .finally(() => running.delete(conversationId));
    running.set(conversationId, call);
  }

  async function sendAllMessages(): Promise<void> {
    for (const conversationId of messages.keys()) await start(conversationId);
    await Promise.all(running.values());
    if (failure) throw failure.error;
  }

  async function addMessage(message: Message): Promise<void> {
    const { conversationId } = message;
    const batch = messages.get(conversationId) ?? { items: [], bytes: 0 };
    messages.set(conversationId, batch);
    batch.items.push(message);
    batch.bytes += Buffer.byteLength(JSON.stringify(message));
    waiting++;
    if (batch.items.length === itemsMax || batch.bytes > batchBytes) await start(conversationId);
    else if (waiting > waitingMax) await sendAllMessages();
  }

  for await (const line of lines) {
    if (line.type === 'message') {
      await sendOthers();
      await addMessage(line);
      continue;
    }
    await sendAllMessages();
    if (others[0] && (others[0].type !== line.type || others.length === itemsMax))
      await sendOthers();
    others.push(line);
  }
  await sendOthers();
  await sendAllMessages();
  return counts;
}

interface Members {
  readonly roomId: string;
  readonly userIds: readonly string[];
  readonly role?: string;
}

/** One call for the members of a room with the same role, if they fit. */
function* mergeMembers(lines: readonly Members[]): Generator<Members> {
  const merged = new Map<string, Members>();
  for (const { userIds, ...rest } of lines) {
    const key = `${rest.role} ${rest.roomId}`;
    const before = merged.get(key)?.userIds ?? [];
    merged.set(key, { ...rest, userIds: [...before, ...userIds] });
  }
  for (const { userIds, ...rest } of merged.values())
    for (let from = 0; from < userIds.length; from += itemsMax)
      yield { ...rest, userIds: userIds.slice(from, from + itemsMax) };
}

interface Answer {
  readonly data?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: { readonly code?: string; readonly retryAfterMs?: number };
  }[];
}

/** An answer of the server that a repeat does not change. */
export class Refused extends Error {}

/** Calls the API at `url` with a service token, and repeats calls whose answer is uncertain. */
export function mutateAt(url: string, token: string): Mutate {
  async function ask(query: string, input: object): Promise<Answer> {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables: { input } }),
    });
    return (await response.json()) as Answer;
  }

  return async (name, input, fields) => {
    const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
    const query = `mutation ($input: ${type}!) { ${name}(input: $input) { ${fields} } }`;
    for (let tries = 0; ; tries++) {
      const answer = await ask(query, input).catch((error: unknown) => {
        if (tries === retriesMax) throw error;
        return undefined;
      });
      const error = answer?.errors?.[0];
      if (answer?.data && !error) return answer.data[name]!;
      const { code, retryAfterMs } = error?.extensions ?? {};
      const isFinal = answer && code !== 'RATE_LIMITED' && code !== 'UNAVAILABLE';
      if (isFinal || tries === retriesMax)
        throw new Refused(`${name} was refused: ${error?.message ?? 'no answer'}`);
      await delay(retryAfterMs ?? Math.min(10_000, 250 * 2 ** tries));
    }
  };
}
