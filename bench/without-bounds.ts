const built = (path: string) => JSON.stringify(new URL(`../dist/${path}`, import.meta.url));

/**
 * A module that takes the bounds on bytes out of a node, so that their cost can be measured. It
 * fails if what it replaces has another name.
 */
export const withoutBounds = `
  import { Outbox } from ${built('server/outbox.js')};
  import { AnswerSize } from ${built('graphql/answer-size.js')};
  const nothing = () => {};
  for (const [prototype, names] of [
    [Outbox.prototype, ['settle', 'hold', 'take', 'giveBack', 'sweep']],
    [AnswerSize.prototype, ['check', 'add', 'release']],
  ])
    for (const name of names) {
      if (!(name in prototype)) throw new Error('There is no ' + name);
      prototype[name] = nothing;
    }
`;
