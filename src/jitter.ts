/**
 * About this time: 75 % to 125 % of it, at random. For pauses, so that tasks, clients or nodes that
 * wait together do not return together.
 */
export const jittered = (ms: number): number => ms * (0.75 + Math.random() / 2);
