import {
  GraphQLBoolean,
  GraphQLID,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { openMemoryBus } from '../../src/cluster/bus-memory.ts';
import { defaultLimits } from '../../src/limits.ts';
import { cursorsOf } from '../../src/events/cursor.ts';
import { origin } from '../../src/events/event.ts';
import type { Context } from '../../src/graphql/context.ts';
import { createDocuments } from '../../src/graphql/documents.ts';
import { createExecution } from '../../src/graphql/execution.ts';
import { openFeeds } from '../../src/live/feeds.ts';
import type { LiveEvent, LiveField } from '../../src/live/live-field.ts';
import { createLiveBudget } from '../../src/live/live-budget.ts';
import { createLiveOperations } from '../../src/live/live-operations.ts';
import { createReplayTurns } from '../../src/live/replay-turns.ts';
import type { Sink } from '../../src/live/follower.ts';
import { createMetrics } from '../../src/metrics.ts';
import type { Node, Viewer } from '../../src/scope.ts';
import { silentLog } from '../support/silent-log.ts';
import { ScriptedLog, topic } from './scripted-log.ts';

const live: LiveField = { topic: () => topic, authorize: async () => {} };
const viewerIs = (received: LiveEvent, { scope }: Context) =>
  scope.viewer!.id === String(received.seq);

/**
 * A field for everyone, one that is marked as viewer-dependent, and one whose author forgot the
 * mark.
 */
const event = new GraphQLObjectType<LiveEvent, Context>({
  name: 'Event',
  fields: {
    type: { type: new GraphQLNonNull(GraphQLString) },
    seq: { type: new GraphQLNonNull(GraphQLString) },
    isMine: {
      type: GraphQLBoolean,
      extensions: { viewerDependent: true },
      resolve: (received, _args, context) => viewerIs(received, context),
    },
    forgotten: {
      type: GraphQLBoolean,
      resolve: (received, _args, context) => viewerIs(received, context),
    },
  },
});
const schema = new GraphQLSchema({
  query: new GraphQLObjectType({ name: 'Query', fields: { ok: { type: GraphQLBoolean } } }),
  subscription: new GraphQLObjectType({
    name: 'Subscription',
    fields: {
      happened: {
        type: event,
        args: { after: { type: GraphQLString }, room: { type: GraphQLID } },
        extensions: { live },
        resolve: (received) => received,
      },
    },
  }),
});

function setUp() {
  const log = new ScriptedLog();
  const metrics = createMetrics();
  const feeds = openFeeds({
    bus: openMemoryBus(),
    eventLog: log,
    log: silentLog,
    metrics,
    headCheckMs: 1_000_000,
  });
  const cursors = cursorsOf('scripted');
  const node = { config: { limits: defaultLimits }, log: silentLog, metrics, cursors } as Node;
  const documents = createDocuments(schema, defaultLimits);
  const execution = createExecution({
    schema,
    documents,
    node,
    liveOperations: createLiveOperations({
      feeds,
      cursors,
      budget: createLiveBudget(defaultLimits, metrics),
      replayTurns: createReplayTurns(defaultLimits, metrics),
      metrics,
      replayMax: 100,
    }),
  });

  async function follow(id: string, text: string, variableValues: Record<string, unknown> = {}) {
    const results: any[] = [];
    const sink: Sink = {
      isReady: true,
      whenReady: async () => {},
      write: (payloads) =>
        void results.push(...payloads.map((payload) => JSON.parse(payload.toString()))),
      end: () => {},
    };
    const viewer: Viewer = {
      id,
      username: id,
      role: 'USER',
      isGuest: false,
      isBot: false,
      sessionId: undefined,
    };
    const { document } = documents.prepare(text, 'here');
    await execution.follow(
      {
        document: document!,
        variableValues,
        contextValue: { scope: { node, viewer, requestId: id, address: '' } },
      },
      sink,
    );
    await expect.poll(() => results.length).toBe(1);
    return results;
  }
  const executions = async () => (await metrics.executions.get()).values[0]?.value ?? 0;
  const happen = () => feeds.publish([{ event: log.commit() }]);
  return {
    follow,
    happen,
    executions,
    operations: async () => (await metrics.liveOperations.get()).values[0]!.value,
  };
}

describe('the audience of a subscription', () => {
  it('is everyone, with one execution for each event, if no field depends on the viewer', async () => {
    const { follow, happen, executions, operations } = setUp();
    const all = await Promise.all(
      ['1', '2', '3'].map((id) =>
        follow(
          id,
          'subscription ($after: String, $room: ID) { happened(after: $after, room: $room) { seq } }',
          { room: 'r' },
        ),
      ),
    );
    happen();
    await expect
      .poll(() => all.map((results) => results[1]))
      .toEqual(Array(3).fill({ data: { happened: { seq: '1' } } }));
    expect(await operations()).toBe(1);
    expect(await executions()).toBe(1);
  });

  it('is the viewer if a field that depends on the viewer is selected, also in a fragment', async () => {
    const { follow, happen, operations } = setUp();
    const document =
      'subscription { ...Root } fragment Root on Subscription { happened { ...Event } } fragment Event on Event { isMine }';
    const [first, second] = [await follow('1', document), await follow('2', document)];
    happen();
    await expect
      .poll(() => [first[1], second[1]])
      .toEqual([
        { data: { happened: { isMine: true } } },
        { data: { happened: { isMine: false } } },
      ]);
    expect(await operations()).toBe(2);
  });

  it('never receives the answer of another viewer if a mark was forgotten: the field fails', async () => {
    const { follow, happen } = setUp();
    const results = await Promise.all(
      ['1', '2'].map((id) => follow(id, 'subscription { happened { seq forgotten } }')),
    );
    happen();
    await expect
      .poll(() => results.map((one) => one[1]?.errors?.[0].extensions.code))
      .toEqual(['INTERNAL', 'INTERNAL']);
    expect(results.map((one) => one[1].data)).toEqual(
      Array(2).fill({ happened: { seq: '1', forgotten: null } }),
    );
  });

  it('differs by variables and documents, but not by the starting position', async () => {
    const { follow, operations } = setUp();
    const document =
      'subscription ($after: String, $room: ID) { happened(after: $after, room: $room) { seq } }';
    await follow('1', document, { room: 'a' });
    await follow('2', document, {
      room: 'a',
      after: cursorsOf('scripted').encode({ topic, ...origin }),
    });
    await follow('3', document, { room: 'b' });
    await follow('4', 'subscription ($room: ID) { happened(room: $room) { type seq } }', {
      room: 'a',
    });
    expect(await operations()).toBe(3);
  });
});
