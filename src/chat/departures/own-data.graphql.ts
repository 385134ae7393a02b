import { builder, unmeasured } from '../../graphql/builder.ts';
import { mutation, okPayload } from '../../graphql/mutation.ts';
import { streamedJson } from '../../graphql/streamed-field.ts';
import { exportMyData } from './export.ts';
import { deleteMyAccount } from './own-data.ts';

/** Two exports of one operation are allowed, but not one for each alias. */
const exportCost = 14_000;

const ExportPayload = builder
  .objectRef<{ read: () => AsyncIterable<string> }>('ExportPayload')
  .implement({
    description: 'The result of exporting data.',
    fields: (t) => ({
      data: t.field({
        type: 'JSONObject',
        extensions: unmeasured,
        complexity: exportCost,
        description: 'The stored data, with one key for each kind of data.',
        resolve: ({ read }, _args, context) => streamedJson(context, read()),
      }),
    }),
  });

builder.mutationField('exportMyData', (t) =>
  t.field({
    type: ExportPayload,
    description:
      'Returns all stored data about the viewer as JSON. Over HTTP it has any size. Over a WebSocket it is `TOO_COMPLEX` beyond `answerMaxBytes`.',
    resolve: async (_root, _args, { scope }) => ({ read: await exportMyData(scope) }),
  }),
);

const DeleteMyAccountInput = builder.inputType('DeleteMyAccountInput', {
  description: 'The confirmation that the account is to be deleted.',
  fields: (t) => ({
    password: t.string({
      description:
        "The viewer's password. Omit it for accounts without one: guests, and users of another token issuer.",
    }),
  }),
});

mutation('deleteMyAccount', {
  description:
    "Deletes the viewer's account and ends all its sessions and memberships. The name disappears everywhere, and the username becomes free. Memberships and messages of an account with many of them are deleted in the background. The server's settings decide whether messages are deleted or stay under a deleted user. A room without another owner passes to its longest-serving moderator, or else member.",
  input: DeleteMyAccountInput,
  payload: okPayload('DeleteMyAccountPayload', 'The result of deleting an account.'),
  resolve: async (input, { scope }) => {
    await deleteMyAccount(scope, input);
    return { ok: true };
  },
});
