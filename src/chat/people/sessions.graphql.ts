import { invalid } from '../../errors.ts';
import { builder } from '../../graphql/builder.ts';
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
  description: 'What a client holds to be known as a user.',
  fields: (t) => ({
    accessToken: t.exposeString('accessToken', {
      description:
        'A JWT with `sub`, `exp`, `role` and `username`, to be sent with every request, or in `connectionParams` of the socket.',
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      description: 'When the access token ends, and every socket opened with it.',
    }),
    refreshToken: t.exposeString('refreshToken', {
      nullable: true,
      description:
        'For `refreshSession`, which gives another one. Null for guests, whose access token lasts for their whole stay.',
    }),
    user: t.expose('user', { type: User, description: 'Who is signed in.' }),
  }),
});

export const SessionPayload = builder
  .objectRef<{ session: SessionRow }>('SessionPayload')
  .implement({
    description: 'A session that was started or went on.',
    fields: (t) => ({
      session: t.field({
        type: Session,
        description: 'The session.',
        resolve: ({ session }) => session,
      }),
    }),
  });

const SignUpInput = builder.inputType('SignUpInput', {
  description: 'Who wants to take part.',
  fields: (t) => ({
    username: t.string({
      required: true,
      description:
        '2-32 of `[a-z0-9_.-]`; upper case becomes lower case. CONFLICT when somebody else has it.',
    }),
    password: t.string({ required: true, description: '8-200 characters.' }),
    displayName: t.string({
      description: '1-64 characters after trimming; the username when left out.',
    }),
  }),
});

const SignInInput = builder.inputType('SignInInput', {
  description: 'Who comes back.',
  fields: (t) => ({
    username: t.string({ required: true, description: 'Upper and lower case are the same.' }),
    password: t.string({ required: true, description: 'The password given at sign-up.' }),
  }),
});

const SignInAsGuestInput = builder.inputType('SignInAsGuestInput', {
  description: 'Who looks in.',
  fields: (t) => ({
    displayName: t.string({ required: true, description: '1-64 characters after trimming.' }),
  }),
});

const RefreshSessionInput = builder.inputType('RefreshSessionInput', {
  description: 'What a session goes on with.',
  fields: (t) => ({
    refreshToken: t.string({
      required: true,
      description:
        'The newest one of the session. Where the answer was lost, send it again within a minute. Used again otherwise, it ends the session.',
    }),
  }),
});

const ExtendConnectionInput = builder.inputType('ExtendConnectionInput', {
  description: 'What a connection goes on with.',
  fields: (t) => ({
    token: t.string({ required: true, description: 'A newer access token of the same `sub`.' }),
  }),
});

const ExtendConnectionPayload = builder
  .objectRef<{ expiresAt: Date }>('ExtendConnectionPayload')
  .implement({
    description: 'How long the connection goes on.',
    fields: (t) => ({
      expiresAt: t.expose('expiresAt', {
        type: 'DateTime',
        description: 'When the connection ends now.',
      }),
    }),
  });

const SignOutPayload = builder.objectRef<{ ok: boolean }>('SignOutPayload').implement({
  description: 'The session has ended.',
  fields: (t) => ({ ok: t.exposeBoolean('ok', { description: 'Always true.' }) }),
});

builder.mutationFields((t) => ({
  signUp: t.field({
    type: SessionPayload,
    description: 'Makes a user, who joins the default room, and starts a session.',
    args: {
      input: t.arg({ type: SignUpInput, required: true, description: 'Who wants to take part.' }),
    },
    resolve: async (_root, { input }, { scope }) => ({ session: await signUp(scope, input) }),
  }),
  signIn: t.field({
    type: SessionPayload,
    description:
      'Starts a session. Attempts are limited per username and per address; a wrong username and a wrong password are refused alike.',
    args: { input: t.arg({ type: SignInInput, required: true, description: 'Who comes back.' }) },
    resolve: async (_root, { input }, { scope }) => ({ session: await signIn(scope, input) }),
  }),
  signInAsGuest: t.field({
    type: SessionPayload,
    description: 'Makes a user without a password, for a day. Guests see public rooms only.',
    args: {
      input: t.arg({ type: SignInAsGuestInput, required: true, description: 'Who looks in.' }),
    },
    resolve: async (_root, { input }, { scope }) => ({
      session: await signInAsGuest(scope, input),
    }),
  }),
  refreshSession: t.field({
    type: SessionPayload,
    description: 'The refresh token is rotated on use; one used twice ends the whole family.',
    args: {
      input: t.arg({
        type: RefreshSessionInput,
        required: true,
        description: 'What the session goes on with.',
      }),
    },
    resolve: async (_root, { input }, { scope }) => ({
      session: await refreshSession(scope, input),
    }),
  }),
  extendConnection: t.field({
    type: ExtendConnectionPayload,
    description: 'Over a socket: prolongs the connection with a newer token of the same `sub`.',
    args: {
      input: t.arg({
        type: ExtendConnectionInput,
        required: true,
        description: 'What the connection goes on with.',
      }),
    },
    resolve: async (_root, { input }, { connection }) => {
      if (!connection)
        throw invalid(
          'A connection is extended only over a socket; over HTTP send the newer token with the next request.',
        );
      return { expiresAt: await connection.extend(input.token) };
    },
  }),
  signOut: t.field({
    type: SignOutPayload,
    description: 'Ends this session on every node, open sockets too.',
    resolve: async (_root, _args, { scope }) => {
      await signOut(scope);
      return { ok: true };
    },
  }),
}));
