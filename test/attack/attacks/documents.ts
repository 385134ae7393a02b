import { repeat, type Attack } from '../attack.ts';
import { attackerAddress, post, rotatedAddress } from './clients.ts';

/**
 * Floods with documents that the node does not know. Some have to be refused before they are
 * parsed.
 */
const flood = (
  name: string,
  documentOf: (place: number) => string,
  addressOf: (place: number) => string = () => attackerAddress,
): Attack => ({
  name,
  bound: '150,000 characters at once, 15,000 a second for each address',
  async run(site, tally, forMs) {
    await repeat({ count: 3000, atOnce: 8, forMs }, (place) =>
      post(site, tally, { query: documentOf(place) }, { address: addressOf(place) }),
    );
    if (tally.counted('RATE_LIMITED') === 0) tally.breaks('no document was refused');
  },
});

/** 4 KB of text with one node for each 4 characters. */
const manyNodes = (place: number) =>
  `mutation M${place} { markNotificationsRead(input: {ids: [${'"a",'.repeat(900)}]}) { unreadNotificationCount } }`;
const invalid = (place: number) => `{ nothing${place} { ${'a '.repeat(10_000)} } }`;
const repeated = (place: number) =>
  `query Q${place} { ${'serverInfo{limits{pageMax}}'.repeat(150)} }`;

export const documentAttacks: readonly Attack[] = [
  flood('new documents with many nodes', manyNodes),
  flood('invalid documents', invalid),
  flood('documents that repeat a selection', repeated),
  flood('new documents from an IPv6 /64', invalid, rotatedAddress),
];
