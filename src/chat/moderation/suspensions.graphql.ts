import { builder } from '../../graphql/builder.ts';
import { mutation } from '../../graphql/mutation.ts';
import { UserPayload } from '../people/users.graphql.ts';
import { suspendUser } from './suspensions.ts';

const SuspendUserInput = builder.inputType('SuspendUserInput', {
  description: 'The user to suspend, the reason, and the end.',
  fields: (t) => ({
    userId: t.id({
      required: true,
      description:
        'The id of the user. `NOT_FOUND` for unknown users, `FORBIDDEN` for admins, except by backends.',
    }),
    reason: t.string({
      description: 'The reason, at most 500 characters. The user receives it.',
    }),
    until: t.field({
      type: 'DateTime',
      description:
        'The end of the suspension. If omitted or null, it is permanent. A time in the past lifts it.',
    }),
  }),
});

mutation('suspendUser', {
  description:
    'Suspends a user on the whole server: all connections are closed and all tokens refused until the end. A new suspension replaces an earlier one. For admins, and backends with the scope `users`.',
  input: SuspendUserInput,
  payload: UserPayload,
  resolve: async (input, { scope }) => ({ user: await suspendUser(scope, input) }),
});
