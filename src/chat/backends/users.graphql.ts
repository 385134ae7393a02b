import { builder } from '../../graphql/builder.ts';
import { mutation, okPayload } from '../../graphql/mutation.ts';
import { Role, UserPayload } from '../people/users.graphql.ts';
import { deleteUser, exportUser, setUserRole } from './users.ts';

const userDescription = 'The user: an id, or `external:` and an external id.';

const SetUserRoleInput = builder.inputType('SetUserRoleInput', {
  description: 'A user, and their new role on the whole server.',
  fields: (t) => ({
    userId: t.id({ required: true, description: userDescription }),
    role: t.field({ type: Role, required: true, description: 'The new role.' }),
  }),
});

mutation('setUserRole', {
  description:
    'Sets the role of a user on the whole server. It counts more than the claims of tokens, and less than the settings: `CONFLICT` for users whom they make admins, and for guests. For backends with the scope `users`.',
  input: SetUserRoleInput,
  payload: UserPayload,
  resolve: async (input, { scope }) => ({ user: await setUserRole(scope, input) }),
});

const DeleteUserInput = builder.inputType('DeleteUserInput', {
  description: 'The user whose account is to be deleted.',
  fields: (t) => ({
    userId: t.id({ required: true, description: userDescription }),
    deleteMessages: t.boolean({
      description:
        'Whether the messages are deleted, or stay under a deleted user. The default is the setting of the server.',
    }),
  }),
});

mutation('deleteUser', {
  description:
    'Deletes the account of a user, as `deleteMyAccount` does. Many messages are deleted in the background. For backends with the scope `erase`.',
  input: DeleteUserInput,
  payload: okPayload('DeleteUserPayload', 'The result of deleting a user.'),
  resolve: async (input, { scope }) => {
    await deleteUser(scope, input);
    return { ok: true };
  },
});

const ExportUserInput = builder.inputType('ExportUserInput', {
  description: 'The user whose data is to be exported.',
  fields: (t) => ({ userId: t.id({ required: true, description: userDescription }) }),
});

const ExportUserPayload = builder.objectRef<{ url: string }>('ExportUserPayload').implement({
  description: 'The result of asking for an export.',
  fields: (t) => ({
    url: t.exposeString('url', {
      description:
        'The address of the export, relative to that of the API. For an hour it answers the same service token with JSON lines.',
    }),
  }),
});

mutation('exportUser', {
  description:
    'Returns the address of all stored data about a user. For backends with the scope `erase`.',
  input: ExportUserInput,
  payload: ExportUserPayload,
  resolve: async ({ userId }, { scope }) => ({ url: await exportUser(scope, userId) }),
});
