import fc from 'fast-check';
import { Webhook as Signer } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { checkApplication } from './checker/application.ts';
import { createDeliveries } from './checker/deliveries.ts';
import { atTheBeginning, checkFollower, checkSettledFollower } from './checker/followers.ts';
import type { LogEntry, Observation } from './checker/history.ts';
import { checkLeftovers } from './checker/leftovers.ts';
import {
  checkAuthors,
  checkPermission,
  membersOf,
  noteMemberships,
  type Memberships,
} from './checker/membership.ts';
import { checkContinuation, checkSnapshot } from './checker/numbers.ts';
import { checkAcknowledged, noteStored, type Stored } from './checker/sends.ts';
import { checkTokens } from './checker/tokens.ts';

const entry = (seq: number, more: Partial<LogEntry> = {}): LogEntry => ({
  seq,
  what: `message ${seq}`,
  occurredAt: seq * 10,
  ...more,
});
const log = Array.from({ length: 20 }, (_, place) => entry(place + 1));
const event = (seq: number, what = `message ${seq}`): Observation => ({
  type: 'event',
  at: seq * 10 + 5,
  seq,
  what,
  occurredAt: seq * 10,
});
const events = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, place) => event(from + place));
const began: Observation = { type: 'began', at: 0 };
const caughtUp = (seq: number, replayed: number): Observation => ({
  type: 'caught-up',
  at: 0,
  seq,
  replayed,
});
const reset = (seq: number, reason = 'TOO_FAR_BEHIND'): Observation => ({
  type: 'reset',
  at: 0,
  seq,
  reason,
});
const sound = [
  began,
  caughtUp(3, 0),
  ...events(4, 9),
  began,
  ...events(10, 14),
  caughtUp(14, 5),
  ...events(15, 20),
];

const rules = (violations: readonly { rule: string }[]) => violations.map(({ rule }) => rule);
const without = (place: number) => sound.toSpliced(place, 1);

describe('the comparison of received events with the log', () => {
  it('accepts a correct history', () => {
    expect(checkSettledFollower(log, sound)).toEqual([]);
  });

  it.each([
    ['a missing event', without(4), ['hole']],
    ['a missing event at the end', without(sound.length - 1), ['hole']],
    ['a missing event in a replay', without(11), ['hole', 'replay']],
    ['an event that was received twice', sound.toSpliced(5, 0, sound[4]!), ['repeat']],
    [
      'an event that was received again after a reconnect',
      sound.toSpliced(9, 0, event(9)),
      ['repeat', 'replay'],
    ],
    [
      'two events in the wrong order',
      sound.with(4, event(6)).with(5, event(5)),
      ['hole', 'repeat'],
    ],
    ['an event that is not in the log', [...sound, event(21)], ['uncommitted', 'hole']],
    ['an event that is another in the log', sound.with(6, event(8, 'something else')), ['differs']],
    ['CaughtUp past the last received event', sound.with(14, caughtUp(15, 5)), ['hole', 'repeat']],
    ['a reset without need', [...sound.slice(0, 8), reset(20)], ['reset']],
    [
      'a reset of a cursor that is none of ours',
      [...sound.slice(0, 8), reset(20, 'UNKNOWN_CURSOR')],
      ['reset'],
    ],
  ])('finds %s', (_, observed, found) => {
    expect(new Set(rules(checkSettledFollower(log, observed)))).toEqual(new Set(found));
  });

  it('accepts a reset of a follower that is more than 1,000 events behind', () => {
    const long = Array.from({ length: 2000 }, (_, place) => entry(place + 1));
    expect(
      checkSettledFollower(long, [caughtUp(900, 0), reset(1995), ...events(1996, 2000)]),
    ).toEqual([]);
    expect(
      rules(checkSettledFollower(long, [caughtUp(995, 0), reset(1995), ...events(1996, 2000)])),
    ).toEqual(['reset']);
  });

  it('finds the same in a whole history as in its parts', () => {
    const doctored = fc.record({
      remove: fc.nat(sound.length - 1),
      repeat: fc.nat(sound.length - 1),
      cuts: fc.array(fc.nat(sound.length), { maxLength: 4 }),
    });
    fc.assert(
      fc.property(doctored, ({ remove, repeat, cuts }) => {
        const observed = sound.toSpliced(remove, 1).toSpliced(repeat, 0, sound[repeat]!);
        let standing = atTheBeginning;
        const found: string[] = [];
        const places = [0, ...cuts.toSorted((a, b) => a - b), observed.length];
        for (const [part, from] of places.slice(0, -1).entries()) {
          const { violations, ...next } = checkFollower(
            log,
            observed.slice(from, places[part + 1]),
            standing,
          );
          found.push(...rules(violations));
          standing = next;
        }
        expect(found).toEqual(rules(checkFollower(log, observed).violations));
      }),
    );
  });

  it('finds any single event that was removed, doubled or swapped', () => {
    const places = sound.flatMap((observed, place) => (observed.type === 'event' ? [place] : []));
    for (const place of places) {
      expect(checkSettledFollower(log, without(place))).not.toEqual([]);
      expect(checkSettledFollower(log, sound.toSpliced(place, 0, sound[place]!))).not.toEqual([]);
      const next = places.find((other) => other > place);
      if (next !== undefined)
        expect(
          checkSettledFollower(log, sound.with(place, sound[next]!).with(next, sound[place]!)),
        ).not.toEqual([]);
    }
  });
});

describe('memberships according to the log', () => {
  const room: LogEntry[] = [
    entry(1, { joined: 'ann' }),
    entry(2, { joined: 'bob' }),
    entry(3, { author: 'bob' }),
    entry(4, { left: 'bob' }),
    entry(5, { author: 'ann' }),
    entry(6, { joined: 'bob' }),
    entry(7, { author: 'bob' }),
  ];
  const memberships: Memberships = new Map();
  noteMemberships(memberships, room);
  const violationsOf = (user: string, seq: number, at: number) =>
    rules(
      checkPermission(
        memberships,
        [{ type: 'event', at, seq, what: '', occurredAt: seq * 10 }],
        user,
      ),
    );

  it('give the current members', () => {
    expect(membersOf(memberships)).toEqual(['ann', 'bob']);
  });

  it('find a message of a user who had left, or who never joined', () => {
    expect(checkAuthors(memberships, room)).toEqual([]);
    expect(
      rules(checkAuthors(memberships, [entry(5, { author: 'bob' }), entry(3, { author: 'eve' })])),
    ).toEqual(['author', 'author']);
  });

  it('find an event that was delivered after a removal, and accept one after a return', () => {
    expect(violationsOf('bob', 4, 41)).toEqual([]);
    expect(violationsOf('bob', 5, 51)).toEqual(['permission']);
    expect(violationsOf('bob', 5, 61)).toEqual([]);
    expect(violationsOf('bob', 7, 71)).toEqual([]);
    expect(violationsOf('ann', 5, 51)).toEqual([]);
    expect(violationsOf('eve', 5, 51)).toEqual(['permission']);
  });
});

describe('tokens', () => {
  const beganWith = (tokenEndsAt: number): Observation => ({ type: 'began', at: 0, tokenEndsAt });
  const happened = (occurredAt: number): Observation => ({
    type: 'event',
    at: occurredAt,
    seq: 1,
    what: '',
    occurredAt,
  });

  it('are not outlived by events on their connection', () => {
    expect(
      checkTokens([
        beganWith(5000),
        happened(4000),
        happened(5900),
        beganWith(10_000),
        happened(9000),
      ]).violations,
    ).toEqual([]);
    expect(rules(checkTokens([beganWith(5000), happened(6100)]).violations)).toEqual(['token']);
    expect(
      rules(
        checkTokens([happened(12_000)], checkTokens([beganWith(10_000)]).tokenEndsAt).violations,
      ),
    ).toEqual(['token']);
  });
});

describe('sends', () => {
  const message = (key: string, seq: number) => ({ key, id: `id of ${key}`, seq, authorId: 'ann' });
  const attempted = (key: string) => key !== 'c';

  it('are stored once if they were acknowledged, and at most once if not', () => {
    const stored: Stored = new Map();
    expect(noteStored(stored, [message('a', 1), message('b', 2)], attempted)).toEqual([]);
    expect(rules(noteStored(stored, [message('b', 3)], attempted))).toEqual(['doubled send']);
    expect(rules(noteStored(stored, [message('c', 4)], attempted))).toEqual(['invented send']);
    expect(checkAcknowledged(stored, [message('a', 1)])).toEqual([]);
    expect(
      rules(
        checkAcknowledged(stored, [
          message('a', 5),
          message('d', 1),
          { ...message('a', 1), id: 'other' },
        ]),
      ),
    ).toEqual(['differing send', 'lost send', 'differing send']);
  });
});

describe('numbers', () => {
  const snapshot = {
    roomId: 'r',
    lastSeq: 30,
    head: 40,
    messages: 30,
    newestMessage: 30,
    events: 40,
    newestEvent: 40,
  };

  it('have no gaps in any snapshot, and end at the counters', () => {
    expect(checkSnapshot(snapshot, 100)).toEqual([]);
    expect(checkSnapshot({ ...snapshot, messages: 20, events: 20 }, 20)).toEqual([]);
    for (const change of [
      { messages: 29 },
      { newestMessage: 29 },
      { events: 39 },
      { newestEvent: 41 },
    ])
      expect(rules(checkSnapshot({ ...snapshot, ...change }, 100))).toEqual(['numbers']);
  });

  it('continue from one read of the log to the next', () => {
    expect(checkContinuation(undefined, log)).toEqual([]);
    expect(checkContinuation(log[4], log.slice(5))).toEqual([]);
    expect(rules(checkContinuation(log[4], log.slice(6)))).toEqual(['numbers']);
  });
});

describe('the state after all clients have left', () => {
  it('has only the feeds that a node uses itself', () => {
    expect(
      checkLeftovers('a node', { connections: 0, subscribers: 0, liveOperations: 0, feeds: 1 }),
    ).toEqual([]);
    expect(
      rules(
        checkLeftovers('a node', { connections: 1, subscribers: -1, liveOperations: 1, feeds: 2 }),
      ),
    ).toHaveLength(4);
  });
});

describe('the comparison of what the application received [P16]', () => {
  const logs = new Map([
    ['quay', log.slice(0, 3)],
    ['pier', log.slice(5, 7)],
  ]);
  const received = (...of: [string, number][]) =>
    of.map(([conversationId, seq]) => ({ conversationId, what: `message ${seq}` }));
  const whole = received(['quay', 1], ['pier', 6], ['quay', 2], ['quay', 3], ['pier', 7]);

  it('accepts any order of conversations, and rooms that it does not know', () => {
    expect(checkApplication(whole, logs, true)).toEqual([]);
    expect(checkApplication([...received(['other', 9]), ...whole], logs, true)).toEqual([]);
    expect(checkApplication(whole.slice(0, 3), logs, false)).toEqual([]);
  });

  it('control: finds a lost, a repeated, a reordered and a missing event', () => {
    const found = (observed: typeof whole, isSettled = false) =>
      rules(checkApplication(observed, logs, isSettled))[0];
    expect(found(whole.toSpliced(2, 1))).toBe('application order');
    expect(found(whole.toSpliced(1, 0, whole[0]!))).toBe('application order');
    expect(found(whole.with(2, whole[3]!).with(3, whole[2]!))).toBe('application order');
    expect(found(whole.slice(0, -1), true)).toBe('application hole');
  });
});

describe('the comparison of what a webhook delivered [P16]', () => {
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  const author = { id: 'ann' };
  const logs = new Map([
    [
      'quay',
      [1, 2, 3].map((seq) => entry(seq, { what: `message ${seq} (m-${seq}) by ann: text` })),
    ],
  ]);
  const requestOf = (id: string, seq: number, key = secret) => {
    const message = { id: `m-${seq}`, seq, body: 'text', author };
    const text = JSON.stringify({
      type: 'MessageSent',
      data: { conversationId: 'quay', message },
    });
    const at = new Date();
    const headers = {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Signer(key).sign(id, at, text),
    };
    return { headers, text };
  };
  type Request = ReturnType<typeof requestOf>;
  const found = (requests: readonly Request[]) => {
    const deliveries = createDeliveries(secret);
    const refused = requests.flatMap(
      ({ headers, text }) => deliveries.receive(headers, text) ?? [],
    );
    return [...refused, ...checkApplication(deliveries.observed, logs, true, 'webhook')].map(
      ({ rule }) => rule,
    );
  };
  const whole = [1, 2, 3].map((seq) => requestOf(`e-${seq}`, seq));

  it('accepts repeats that have the same id', () => {
    expect(found(whole)).toEqual([]);
    expect(found([...whole, ...whole.slice(1)])).toEqual([]);
  });

  it('control: finds a lost, a reordered and a forged request, and a repeat with another id', () => {
    expect(found(whole.slice(0, 2))).toEqual(['webhook hole']);
    expect(found(whole.toSpliced(1, 1))[0]).toBe('webhook order');
    expect(found([whole[0]!, whole[2]!, whole[1]!])[0]).toBe('webhook order');
    expect(found(whole.toSpliced(1, 0, requestOf('e-4', 1)))[0]).toBe('webhook order');
    const other = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;
    expect(found([requestOf('e-1', 1, other), ...whole.slice(1)])[0]).toBe('webhook signature');
  });
});
