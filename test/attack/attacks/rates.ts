import {
  rateTable,
  type OtherAction,
  type UserAction,
} from '../../../src/chat/policy/allowances.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { request } from '../../faults/cluster/request.ts';
import { repeat, type Attack } from '../attack.ts';
import type { Site } from '../site.ts';
import { attackerAddress, post, rotatedAddress } from './clients.ts';

const password = 'correct horse battery staple';
const mutation = (name: string) =>
  `mutation ($input: ${name[0]!.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { __typename } }`;

interface Storm {
  readonly name: string;
  /** Its rate. */
  readonly rate: UserAction | OtherAction;
  /** Whether an answer counts. Those with `ok` do unless stated otherwise. */
  isCounted?(answer: string, place: number): boolean;
  readonly atOnce?: number;
  prepare?(site: Site, token: string): Promise<unknown>;
  action(place: number, site: Site): { query: string; variables: Record<string, unknown> };
  readonly isAnonymous?: boolean;
  addressOf?(place: number): string;
}

const rates = rateTable({ limits: defaultLimits, SERVICE_CALLS_PER_SECOND: 0 });

/** The most that may be accepted: two bursts, because a window may end during the attack. */
const acceptedOf = (rate: Storm['rate']): number => 2 * rates[rate]!.burst;

/** Repeats an action of one user, or of one address, as fast as the node answers. */
const storm = ({
  name,
  rate,
  atOnce = 8,
  prepare,
  action,
  isAnonymous = false,
  isCounted = (answer) => answer === 'ok',
  addressOf = () => attackerAddress,
}: Storm): Attack => ({
  name,
  bound: `${acceptedOf(rate)} accepted`,
  async run(site, tally, forMs) {
    const { token } = await site.takeUsers(1)[0]!.sign();
    await prepare?.(site, token);
    let counted = 0;
    await repeat({ count: 4000, atOnce, forMs }, async (place) => {
      const answer = await post(site, tally, action(place, site), {
        token: isAnonymous ? undefined : token,
        address: addressOf(place),
      });
      if (isCounted(answer, place)) counted++;
    });
    if (counted > acceptedOf(rate)) tally.breaks(`${counted} were accepted`);
  },
});

const joinRoom = mutation('joinRoom');
const join = (site: Site, token: string) =>
  request(site.url, token, joinRoom, { input: { roomId: site.roomId } });

let ownRoomId = '';

export const rateAttacks: readonly Attack[] = [
  storm({
    name: 'joining and leaving a room',
    rate: 'join-or-leave',
    // A member who joins again changes nothing.
    isCounted: (answer, place) => answer === 'ok' && place % 2 === 1,
    action: (place, { roomId }) => ({
      query: place % 2 ? mutation('leaveRoom') : joinRoom,
      variables: { input: { roomId } },
    }),
  }),
  storm({
    name: 'typing and not typing in turn',
    rate: 'start-typing',
    isCounted: (answer, place) => answer === 'ok' && place % 2 === 0,
    prepare: join,
    action: (place, { roomId }) => ({
      query: mutation('setTyping'),
      variables: { input: { conversationId: roomId, isTyping: place % 2 === 0 } },
    }),
  }),
  storm({
    name: 'renaming a room',
    rate: 'update-room',
    async prepare(site, token) {
      const name = `Cellar ${Date.now()}`;
      const { createRoom } = await request(
        site.url,
        token,
        'mutation ($input: CreateRoomInput!) { createRoom(input: $input) { room { id } } }',
        { input: { name } },
      );
      ownRoomId = createRoom.room.id;
    },
    action: (place) => ({
      query: mutation('updateRoom'),
      variables: { input: { roomId: ownRoomId, topic: `Topic ${place}` } },
    }),
  }),
  storm({
    name: 'changing the profile',
    rate: 'update-profile',
    action: (place) => ({
      query: mutation('updateProfile'),
      variables: { input: { displayName: `Name ${place}` } },
    }),
  }),
  storm({
    name: 'sending',
    rate: 'send',
    prepare: join,
    action: (_place, { roomId }) => ({
      query: mutation('sendMessage'),
      variables: { input: { conversationId: roomId, body: 'x'.repeat(4000) } },
    }),
  }),
  storm({
    name: 'signing in with the right password',
    rate: 'sign-in-address',
    isAnonymous: true,
    prepare: (site) =>
      fetch(site.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          query: mutation('signUp'),
          variables: { input: { username: 'mallory', password } },
        }),
      }),
    action: () => ({
      query: mutation('signIn'),
      variables: { input: { username: 'mallory', password } },
    }),
  }),
  storm({
    name: 'signing in with wrong passwords from an IPv6 /64',
    rate: 'sign-in-address',
    isCounted: (answer) => answer !== 'RATE_LIMITED',
    isAnonymous: true,
    action: (place) => ({
      query: mutation('signIn'),
      variables: { input: { username: `user-${place % 50}`, password: `${password}${place}` } },
    }),
    addressOf: rotatedAddress,
  }),
  storm({
    name: 'signing up from an IPv6 /64',
    rate: 'sign-up-address',
    isAnonymous: true,
    action: (place) => ({
      query: mutation('signUp'),
      variables: { input: { username: `flood${Date.now()}x${place}`, password } },
    }),
    addressOf: rotatedAddress,
  }),
  storm({
    name: 'entering as a guest from an IPv6 /64',
    rate: 'sign-up-address',
    isAnonymous: true,
    action: (place) => ({
      query: mutation('signInAsGuest'),
      variables: { input: { displayName: `Guest ${place}` } },
    }),
    addressOf: rotatedAddress,
  }),
];
