import { invalid } from '../../errors.ts';
import { builder } from '../../graphql/builder.ts';
import { mutation, okPayload } from '../../graphql/mutation.ts';
import { spend } from '../policy/allowances.ts';
import {
  refreshSession,
  signIn,
  signInAsGuest,
  signOut,
  signUp,
  type Session as SessionRow,
} from './sessions.ts';
import { User } from './users.graphql.ts';

const Session = builder.objectRef<SessionRow>('Session').implement({
  description: 'The tokens with which a client acts as a user.',
  fields: (t) => ({
    accessToken: t.exposeString('accessToken', {
      description:
        'A JWT with `sub`, `exp`, `role` and `username`. Send it with every request, or in the `connectionParams` of the socket.',
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      description:
        'The time at which the access token expires and sockets opened with it are closed.',
    }),
    refreshToken: t.exposeString('refreshToken', {
      nullable: true,
      description:
        'The token for `refreshSession`, valid once. Null for guests, whose access token covers their whole stay.',
    }),
    user: t.expose('user', { type: User, description: 'The signed-in user.' }),
  }),
});

export const SessionPayload = builder
  .objectRef<{ session: SessionRow }>('SessionPayload')
  .implement({
    description: 'The result of starting or continuing a session.',
    fields: (t) => ({
      session: t.expose('session', {
        type: Session,
        description: 'The session with its new tokens.',
      }),
    }),
  });

const SignUpInput = builder.inputType('SignUpInput', {
  description: 'The details of the new account.',
  fields: (t) => ({
    username: t.string({
      required: true,
      description:
        'The username, 2–32 of `[a-z0-9_.-]`. Upper case becomes lower case. `CONFLICT` if it is taken.',
    }),
    password: t.string({ required: true, description: 'The password, 8–200 characters.' }),
    displayName: t.string({
      description:
        'The display name, 1–64 characters after trimming. If omitted, the username is used.',
    }),
  }),
});

mutation('signUp', {
  description:
    'Creates an account and starts a session. The new user joins the default room. `FORBIDDEN` if sign-up is disabled on this server.',
  input: SignUpInput,
  payload: SessionPayload,
  resolve: async (input, { scope }) => ({ session: await signUp(scope, input) }),
});

const SignInInput = builder.inputType('SignInInput', {
  description: 'The credentials of an account.',
  fields: (t) => ({
    username: t.string({ required: true, description: 'The username, in any case.' }),
    password: t.string({ required: true, description: 'The password of the account.' }),
  }),
});

mutation('signIn', {
  description:
    'Starts a session. Attempts are limited per address, and failed ones per username and address. An unknown username and a wrong password give the same error.',
  input: SignInInput,
  payload: SessionPayload,
  resolve: async (input, { scope }) => ({ session: await signIn(scope, input) }),
});

const SignInAsGuestInput = builder.inputType('SignInAsGuestInput', {
  description: "The guest's details.",
  fields: (t) => ({
    displayName: t.string({
      required: true,
      description: 'The display name, 1–64 characters after trimming.',
    }),
  }),
});

mutation('signInAsGuest', {
  description:
    'Creates a guest, a user without a password, and starts a session of one day. Guests have access to public rooms only. `FORBIDDEN` if guests are disabled on this server.',
  input: SignInAsGuestInput,
  payload: SessionPayload,
  resolve: async (input, { scope }) => ({ session: await signInAsGuest(scope, input) }),
});

const RefreshSessionInput = builder.inputType('RefreshSessionInput', {
  description: 'The refresh token of the session to continue.',
  fields: (t) => ({
    refreshToken: t.string({
      required: true,
      description:
        'The latest refresh token of the session. If the answer was lost, send the same token again within a minute. Any other second use ends the session.',
    }),
  }),
});

mutation('refreshSession', {
  description:
    'Continues a session with new tokens. The refresh token is replaced; a second use of the old one ends the session.',
  input: RefreshSessionInput,
  payload: SessionPayload,
  resolve: async (input, { scope }) => ({ session: await refreshSession(scope, input) }),
});

const ExtendConnectionInput = builder.inputType('ExtendConnectionInput', {
  description: 'The access token with which the connection continues.',
  fields: (t) => ({
    token: t.string({
      required: true,
      description: 'A newer access token of the same user (the same `sub`).',
    }),
  }),
});

const ExtendConnectionPayload = builder
  .objectRef<{ expiresAt: Date }>('ExtendConnectionPayload')
  .implement({
    description: 'The result of extending a connection.',
    fields: (t) => ({
      expiresAt: t.expose('expiresAt', {
        type: 'DateTime',
        description: 'The new time at which the connection is closed.',
      }),
    }),
  });

mutation('extendConnection', {
  description:
    'Extends the WebSocket connection over which it is sent, with a newer token of the same user. `INVALID` over HTTP.',
  input: ExtendConnectionInput,
  payload: ExtendConnectionPayload,
  async resolve({ token }, { connection, scope }) {
    if (!connection)
      throw invalid(
        'Only a WebSocket connection can be extended. Over HTTP, send the newer token with the next request.',
      );
    await spend(scope, 'extend-connection');
    return { expiresAt: await connection.extend(token) };
  },
});

const SignOutPayload = okPayload('SignOutPayload', 'The result of signing out.');

builder.mutationField('signOut', (t) =>
  t.field({
    type: SignOutPayload,
    description:
      'Ends the current session on every node and closes its sockets. `INVALID` for a token of another issuer.',
    resolve: async (_root, _args, { scope }) => {
      await signOut(scope);
      return { ok: true };
    },
  }),
);
