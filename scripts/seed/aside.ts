/**
 * Private conversations, in the format of the threads in rooms. `A` is the first user, `B` the
 * second.
 */
export const privateTalk: readonly (readonly [
  first: string,
  second: string,
  lines: readonly string[],
])[] = [
  [
    'ada',
    'ben',
    [
      'A: Do you have ten minutes for the migration today?',
      'B: After lunch?',
      'A: Perfect. | 👍',
      'B: It is in the branch, step three is the one I am not sure of.',
      'A> Looked at it: step three is fine, step two locks the table.',
      'B: Oh. Yes. Rewriting it. | 🙏',
    ],
  ],
  ['ada', 'grace', ['A: Thank you for what you said in the meeting.', 'B: It was true. | ❤️']],
  [
    'chiara',
    'mei',
    [
      'A: Which grey did we end up with?',
      'B: 700 for text, 500 for time.',
      'A: Thanks! Drawing it now.',
    ],
  ],
  [
    'farid',
    'kavya',
    [
      'A: Will you take my on-call on Saturday? I take yours on Wednesday.',
      'B: Deal.',
      'A: You are the best. | 😇',
    ],
  ],
  [
    'quinn',
    'ada',
    [
      'A: Somebody at a customer asks whether cursors survive a failover.',
      'B: They do not, on purpose: they get a StreamReset and reload. It is in the operations page.',
      'A: Found it, thank you!',
    ],
  ],
];

/** Support conversations. `A` is the customer, `B` the support desk. */
export const supportTalk: readonly (readonly [
  customer: string,
  isResolved: boolean,
  lines: readonly string[],
])[] = [
  [
    'tara',
    true,
    [
      'A: Hello! I cannot change my display name, it says it is taken?',
      'B: Hello Tara. Usernames are unique, display names are not: did you perhaps change the upper field?',
      'A: I did indeed. Works now, thank you! | 🙏',
    ],
  ],
  [
    'olu',
    false,
    [
      'A: Is there a way to get my data as a file?',
      'B: Yes: exportMyData gives everything about you as JSON.',
      'A: And how do I read the dates in it?',
    ],
  ],
  ['rosa', false, ['A: My phone shows "reconnecting" since this morning.']],
];
