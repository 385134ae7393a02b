import type { Size } from './cast.ts';

/**
 * So many take part in a run of so many seconds: a short one shares its machine with other tests.
 */
export const sizeFor = (seconds: number): Size =>
  seconds < 180
    ? { writers: 8, followers: 30, members: 6, crowd: 150 }
    : { writers: 12, followers: 60, members: 10, crowd: 2000 };
