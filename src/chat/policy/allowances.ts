import type { Rate } from '../../cluster/rates.ts';
import type { Config } from '../../config.ts';
import { rateLimited } from '../../errors.ts';
import type { Limits } from '../../limits.ts';
import { requireViewer, type Scope, type Service } from '../../scope.ts';

const [second, minute, hour] = [1000, 60_000, 3_600_000];

/** Actions that are counted for each user. */
const userRates = (limits: Limits) =>
  ({
    send: {
      points: limits.sendsPerWindow,
      burst: limits.sendsBurst,
      windowMs: limits.sendsWindowMs,
    },
    edit: { points: 10, burst: 30, windowMs: 10 * second },
    delete: { points: 20, burst: 100, windowMs: 10 * second },
    react: { points: 20, burst: 40, windowMs: 10 * second },
    pin: { points: 20, burst: 60, windowMs: minute },
    'mark-read': { points: 30, burst: 100, windowMs: 10 * second },
    block: { points: 30, burst: 60, windowMs: minute },
    'set-level': { points: 20, burst: 60, windowMs: minute },
    'mark-notifications-read': { points: 30, burst: 100, windowMs: 10 * second },
    'register-push': { points: 20, burst: 60, windowMs: minute },
    'start-typing': { points: 20, burst: 40, windowMs: 10 * second },
    'stop-typing': { points: 20, burst: 40, windowMs: 10 * second },
    /** Counts each recipient, and each KiB that was begun. */
    signal: { points: 50, burst: 100, windowMs: 10 * second },
    'join-or-leave': { points: 20, burst: 60, windowMs: minute },
    /** Counts the invited users, because each of them makes an event. */
    invite: { points: 100, burst: 300, windowMs: minute },
    'invite-stranger': { points: 20, burst: 200, windowMs: 10 * minute },
    'create-room': { points: 20, burst: 60, windowMs: minute },
    'update-room': { points: 10, burst: 30, windowMs: minute },
    'open-conversation': { points: 20, burst: 60, windowMs: minute },
    moderate: { points: 60, burst: 200, windowMs: minute },
    'change-support': { points: 60, burst: 200, windowMs: minute },
    /** Counts uploads, and each 8 MiB that was begun. */
    upload: { points: 300, burst: 600, windowMs: hour },
    'read-file': { points: 200, burst: 600, windowMs: 10 * second },
    report: { points: 10, burst: 20, windowMs: minute },
    search: { points: 20, burst: 30, windowMs: minute },
    /** Counts searches for users and rooms, which clients send while the user types. */
    find: { points: 120, burst: 240, windowMs: minute },
    'update-profile': { points: 10, burst: 30, windowMs: minute },
    'extend-connection': { points: 30, burst: 60, windowMs: minute },
    'delete-account': { points: 10, burst: 10, windowMs: 5 * minute },
    'export-data': { points: 5, burst: 5, windowMs: hour },
    notify: { points: 50, burst: 200, windowMs: 10 * second },
    webhooks: { points: 60, burst: 120, windowMs: minute },
    announce: { points: 10, burst: 10, windowMs: hour },
  }) satisfies Record<string, Rate>;

/** Actions that are counted for another key. */
const otherRates = {
  /** By address. All attempts count, because each costs the work of a password hash. */
  'sign-in-address': { points: 100, burst: 200, windowMs: 5 * minute },
  /** By username and address. Only failed attempts count. */
  'sign-in-guesser': { points: 10, burst: 10, windowMs: 5 * minute },
  /** By username. Only failed attempts count, from addresses without a session of the account. */
  'sign-in-stranger': { points: 100, burst: 100, windowMs: hour },
  'sign-up-address': { points: 120, burst: 240, windowMs: minute },
  'preview-address': { points: 60, burst: 120, windowMs: minute },
  'refresh-address': { points: 600, burst: 1200, windowMs: minute },
  /** By session, so that a stolen token of one session does not stop the owner in another. */
  'check-password': { points: 10, burst: 10, windowMs: 5 * minute },
  /** By inviter and invited user, for private rooms. */
  'invite-same-stranger': { points: 10, burst: 10, windowMs: hour },
  'end-session': { points: 20, burst: 60, windowMs: minute },
} satisfies Record<string, Rate>;

export type UserAction = keyof ReturnType<typeof userRates>;
export type OtherAction = keyof typeof otherRates;

/**
 * The guests of one address may act together as often as this many users, because anyone can make
 * guests [P13].
 */
const guestsShare = 5;

/** A bot may act as often as this many users. */
const botShare = 10;

const times = ({ points, burst, windowMs }: Rate, share: number): Rate => ({
  points: points * share,
  burst: burst * share,
  windowMs,
});

const botAction = (action: UserAction) => `bots-${action}`;

const guestAction = (action: UserAction) => `guests-${action}`;

/** The only action that is counted for services. */
const serviceCall = 'service-call';

/** The rate of each action. */
export function rateTable({
  limits,
  SERVICE_CALLS_PER_SECOND,
}: Pick<Config, 'limits' | 'SERVICE_CALLS_PER_SECOND'>): Record<string, Rate> {
  const ofUsers = Object.entries(userRates(limits)) as [UserAction, Rate][];
  return {
    ...Object.fromEntries(ofUsers),
    ...Object.fromEntries(
      ofUsers.map(([action, rate]) => [guestAction(action), times(rate, guestsShare)]),
    ),
    ...Object.fromEntries(
      ofUsers.map(([action, rate]) => [botAction(action), times(rate, botShare)]),
    ),
    ...otherRates,
    [serviceCall]: {
      points: SERVICE_CALLS_PER_SECOND * 10,
      burst: SERVICE_CALLS_PER_SECOND * 20,
      windowMs: 10 * second,
    },
  };
}

/**
 * Counts actions of the viewer, at a higher rate for a bot, and for a guest also of all guests at
 * the same address. Throws RATE_LIMITED, with the time to wait, if there were too many. Does
 * nothing for services, whose calls are counted as a whole.
 */
export async function spend(scope: Scope, action: UserAction, amount = 1): Promise<void> {
  if (scope.service) return;
  const { id, isGuest, isBot } = requireViewer(scope);
  await take(scope, isBot ? botAction(action) : action, id, amount);
  if (isGuest) await take(scope, guestAction(action), scope.address, amount);
}

/**
 * Counts one action of this key. Throws RATE_LIMITED, with the time to wait, if there were too
 * many.
 */
export const spendFor = (scope: Scope, action: OtherAction, key: string): Promise<void> =>
  take(scope, action, key, 1);

/** Withdraws one count of this key. */
export const giveBack = (scope: Scope, action: OtherAction, key: string): Promise<void> =>
  scope.node.rates.giveBack(action, key);

async function take(scope: Scope, action: string, key: string, amount: number): Promise<void> {
  const waitMs = await scope.node.rates.take(action, key, amount);
  if (waitMs > 0)
    throw rateLimited(
      `You are doing this too often. Try again in ${Math.ceil(waitMs / 1000)} s.`,
      waitMs,
    );
}

/** Counts one call of a service. Throws RATE_LIMITED. */
export const spendAsService = (scope: Scope, service: Service): Promise<void> =>
  take(scope, serviceCall, service.id, 1);
