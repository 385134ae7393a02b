import type { Attack } from '../attack.ts';
import { connectionAttacks } from './connections.ts';
import { documentAttacks } from './documents.ts';
import { eventAttacks } from './events.ts';
import { rateAttacks } from './rates.ts';
import { requestAttacks } from './requests.ts';
import { unreadAttacks } from './unread.ts';

export const allAttacks: readonly Attack[] = [
  ...requestAttacks,
  ...documentAttacks,
  ...unreadAttacks,
  ...eventAttacks,
  ...rateAttacks,
  ...connectionAttacks,
];
