import { builder, unmeasured } from '../../graphql/builder.ts';
import { deleteMyAccount, exportMyData } from './own-data.ts';

const ExportPayload = builder
  .objectRef<{ data: Record<string, unknown> }>('ExportPayload')
  .implement({
    description: 'What is kept about the viewer.',
    fields: (t) => ({
      data: t.field({
        type: 'JSONObject',
        extensions: unmeasured,
        description: 'All of it, by what it is.',
        resolve: ({ data }) => data,
      }),
    }),
  });

const DeleteMyAccountInput = builder.inputType('DeleteMyAccountInput', {
  description: 'What shows that it is meant.',
  fields: (t) => ({
    password: t.string({
      description:
        'The password; left out by those who have none: guests, and users of another issuer.',
    }),
  }),
});

const DeleteMyAccountPayload = builder
  .objectRef<{ ok: boolean }>('DeleteMyAccountPayload')
  .implement({
    description: 'The account is deleted.',
    fields: (t) => ({ ok: t.exposeBoolean('ok', { description: 'Always true.' }) }),
  });

builder.mutationFields((t) => ({
  exportMyData: t.field({
    type: ExportPayload,
    description: 'Everything that is kept about the viewer, as JSON.',
    resolve: async (_root, _args, { scope }) => ({ data: await exportMyData(scope) }),
  }),
  deleteMyAccount: t.field({
    type: DeleteMyAccountPayload,
    description:
      'Deletes the viewer: the name is gone everywhere, all sessions and memberships end, the username is free. Messages stay, by a deleted user, or are deleted, as the server is set up. A room without another owner goes to its longest-standing moderator, else member.',
    args: {
      input: t.arg({
        type: DeleteMyAccountInput,
        required: true,
        description: 'What shows that it is meant.',
      }),
    },
    resolve: async (_root, { input }, { scope }) => {
      await deleteMyAccount(scope, input);
      return { ok: true };
    },
  }),
}));
