import { isDeepStrictEqual } from 'node:util';
import type { Violation } from '../faults/checker/history.ts';
import { seqOf } from '../faults/checker/history.ts';
import type { Entry, Follow, History, LogRow } from './history.ts';
import { apply, withLoaded } from './replica.ts';
import { emptyConversation, emptyView, type ConversationView, type View } from './view.ts';

/**
 * Compares what the device shows with what the API answers, at each moment in which nothing
 * happens.
 */
export function checkStates({ device, userId, follows, entries }: History): Violation[] {
  const followOf = new Map(follows.map((follow) => [follow.name, follow]));
  /** What happened since each follow that is loading began to. */
  const sinceLoading = new Map<string, EventEntry[]>();
  // Guests have no subscription that says how far they have read a room on another device.
  const knowsMarkers = follows.some(({ field }) => field === 'notifications');
  const violations: Violation[] = [];
  let view = emptyView;
  for (const entry of entries)
    switch (entry.type) {
      case 'began': {
        // Typing starts again with those who are typing.
        const { field, roomId } = followOf.get(entry.follow)!;
        if (field === 'typing') view = { ...view, typing: { ...view.typing, [roomId!]: [] } };
        break;
      }
      case 'loading':
        sinceLoading.set(entry.follow, []);
        break;
      case 'event':
        for (const events of sinceLoading.values()) events.push(entry);
        view = apply(view, followOf.get(entry.follow)!, userId, entry.event);
        break;
      case 'loaded': {
        // What happened meanwhile may be newer than the answer.
        view = withLoaded(view, entry.state);
        for (const { follow, event } of sinceLoading.get(entry.follow) ?? [])
          view = apply(view, followOf.get(follow)!, userId, event);
        sinceLoading.delete(entry.follow);
        break;
      }
      case 'quiet':
        for (const detail of differences(view, entry.state, userId, knowsMarkers))
          violations.push({ rule: 'state', detail: `${device}: ${detail}` });
    }
  return violations;
}

function* differences(
  shown: View,
  answered: View,
  userId: string,
  knowsMarkers: boolean,
): Generator<string> {
  for (const [id, conversation] of Object.entries(answered.conversations)) {
    const own = shown.conversations[id] ?? emptyConversation;
    for (const detail of differencesIn(own, conversation)) yield `conversation ${id}: ${detail}`;
    if (knowsMarkers)
      yield* compared(`unread in ${id}`, unreadIn(own, userId), conversation.unreadCount);
  }
  for (const [name, list] of Object.entries(answered.lists))
    yield* compared(`list ${name}`, shown.lists[name] ?? [], list);
  if (answered.notifications)
    yield* compared('notifications', shown.notifications, answered.notifications);
  for (const [id, typists] of Object.entries(answered.typing))
    yield* compared(`typing in ${id}`, sorted(shown.typing[id]), sorted(typists));
  for (const [id, online] of Object.entries(answered.online))
    yield* compared(`online in ${id}`, sorted(shown.online[id]), sorted(online));
}

function* differencesIn(shown: ConversationView, answered: ConversationView): Generator<string> {
  yield* compared('settings', shown.settings, answered.settings);
  if (answered.members) yield* compared('members', shown.members ?? {}, answered.members);
  for (const [seq, { isRead, ...message }] of Object.entries(answered.messages)) {
    const { isRead: _then, ...own } = shown.messages[Number(seq)] ?? {};
    yield* compared(`message ${seq}`, own, message);
    const isReadNow = readUpToByOthers(shown, answered, message.authorId) >= Number(seq);
    yield* compared(`isRead of message ${seq}`, isReadNow, isRead);
  }
}

/** Sending counts as reading, so every message after the marker is by somebody else. */
const unreadIn = ({ messages, readUpTo }: ConversationView, userId: string): number =>
  Object.entries(messages).filter(
    ([seq, { deletedAt }]) => Number(seq) > (readUpTo[userId] ?? 0) && deletedAt === null,
  ).length;

/** How far the other side has read. Rooms do not show it. */
function readUpToByOthers(
  { readUpTo }: ConversationView,
  { members, settings }: ConversationView,
  authorId: string,
): number {
  if (members) return 0;
  const { customerId } = settings as { customerId?: string };
  const side =
    customerId === undefined || customerId === authorId
      ? Object.keys(readUpTo).filter((id) => id !== authorId)
      : [customerId];
  return Math.max(0, ...side.map((id) => readUpTo[id] ?? 0));
}

function* compared(what: string, shown: unknown, answered: unknown): Generator<string> {
  if (!isDeepStrictEqual(shown, answered))
    yield `${what}: shown ${JSON.stringify(shown)}, but the API answers ${JSON.stringify(answered)}`;
}

const sorted = (ids: readonly string[] | undefined): string[] => (ids ?? []).toSorted();

/** How far behind a device must be to be reset [P3]. */
const replayMax = 1000;

/**
 * Compares the events of each subscription with the log: from its first cursor on it received every
 * event, each once and in order [P1] [P2], and only those that its viewer may see [P11].
 */
export function checkOrder(history: History, log: readonly LogRow[]): Violation[] {
  const rowsOf = (topic: string) => log.filter((row) => row.topic === topic);
  return history.follows.flatMap((follow) =>
    follow.topic === undefined ? [] : checkFollow(history, follow, rowsOf(follow.topic)),
  );
}

function checkFollow(
  { device, userId, entries }: History,
  { name, topic }: Follow,
  rows: readonly LogRow[],
): Violation[] {
  const violations: Violation[] = [];
  const report = (rule: string, detail: string) =>
    void violations.push({ rule, detail: `${device}, ${name}: ${detail}` });
  const bySeq = new Map(rows.map((row) => [row.seq, row]));
  const access = accessOf(userId, topic!, rows);
  let position: number | undefined;
  let received = 0;
  let isOpen = false;
  for (const entry of entries) {
    if (entry.type === 'quiet') {
      const head = rows.at(-1)?.seq ?? 0;
      const isLast = entry === entries.at(-1);
      if (isLast && isOpen && (position ?? 0) !== head)
        report('hole', `the last event was ${position}, but the log ends with ${head}`);
      continue;
    }
    if (entry.follow !== name) continue;
    if (entry.type === 'began') {
      if (entry.after === undefined) position = undefined;
      received = 0;
      isOpen = true;
    }
    if (entry.type === 'ended') isOpen = false;
    if (entry.type !== 'event') continue;
    const { __typename: type, cursor, replayed } = entry.event;
    const seq = seqOf(cursor);
    if (type === 'CaughtUp') {
      if (position !== undefined && seq !== position)
        report('hole', `caught up at ${seq}, but the last event was ${position}`);
      if (replayed !== received)
        report('replay', `${received} events were replayed, but CaughtUp says ${replayed}`);
      position = seq;
    } else if (type === 'StreamReset') {
      if (seq - (position ?? 0) <= replayMax) report('reset', `at ${position}, to ${seq}`);
      position = seq;
    } else {
      received++;
      const row = bySeq.get(seq);
      if (row && describe(entry) !== describeRow(row))
        report('differs', `${seq} is ${describe(entry)}, but the log has ${describeRow(row)}`);
      if (!row) report('uncommitted', `${seq} (${describe(entry)}) is not in the log`);
      if (position !== undefined && seq > position + 1)
        report('hole', `after ${position} came ${seq}`);
      if (position !== undefined && seq <= position)
        report('repeat', `after ${position} came ${seq}`);
      if (row && !access(row, entry.at)) report('leak', `${seq} (${describe(entry)})`);
      position = seq;
    }
  }
  return violations;
}

type EventEntry = Extract<Entry, { type: 'event' }>;

/** What an event is about, in the same words for the API and for the log. */
function describe({ event }: EventEntry): string {
  const { __typename, message, user, member, ids, notification, conversation, room } = event;
  if (__typename === 'OpenReportsChanged') return __typename;
  const place = message?.conversation.id ?? conversation?.id ?? room?.id ?? '';
  const subject =
    message?.id ?? user?.id ?? member?.user.id ?? ids?.join() ?? notification?.id ?? '';
  return `${__typename} ${place} ${subject}`;
}

const describeRow = ({ type, data }: LogRow): string =>
  // It has a count, and no subject.
  type === 'OpenReportsChanged'
    ? type
    : `${type} ${data.conversationId ?? ''} ${data.messageId ?? data.ids?.join() ?? data.notificationId ?? data.userId ?? ''}`;

/** Whether the viewer may receive an event of the topic at a time, according to the log itself. */
function accessOf(
  userId: string,
  topic: string,
  rows: readonly LogRow[],
): (row: LogRow, at: number) => boolean {
  const changes = rows.filter(
    ({ type, data }) =>
      (type === 'MemberJoined' || type === 'MemberLeft') && data.userId === userId,
  );
  // The topics of a user and of the desk, and conversations whose members do not change.
  const isOfAnyRoom =
    topic.startsWith('conversation:') && rows.some(({ data }) => !data.otherTopics);
  if (!isOfAnyRoom) return () => true;
  return ({ seq }, at) => {
    const before = changes.findLast((change) => change.seq <= seq);
    const wasMember = before && (before.type === 'MemberJoined' || before.seq === seq);
    // A member sees the whole history, also that of a time in which they were away.
    return (
      wasMember ||
      changes.some(
        ({ type, seq: joined, occurredAt }) =>
          type === 'MemberJoined' && joined > seq && occurredAt <= at + clockMs,
      )
    );
  };
}

/**
 * The clocks of the database and of this process are the same; they are read at different moments.
 */
const clockMs = 50;
