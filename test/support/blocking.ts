import type { Person } from './person.ts';

const change =
  (name: string) =>
  (by: Person, whom: { readonly id: string }): Promise<any> =>
    by.query(
      `mutation ($input: BlockUserInput!) { ${name}(input: $input) { user { id viewerBlocked } } }`,
      { input: { userId: whom.id } },
    );

export const blockUser = change('blockUser');
export const unblockUser = change('unblockUser');
