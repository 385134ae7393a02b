import { builder, NodeInterface, viewerDependent } from '../../graphql/builder.ts';
import { mutation } from '../../graphql/mutation.ts';
import { pageCost } from '../../graphql/pages.ts';
import { shownExternalId, shownSuspension, userDetails } from './user-details.ts';
import { searchUsers } from './user-list.ts';
import { findUser, updateProfile, users, type UserRow } from './users.ts';

export const Role = builder.enumType('Role', {
  description: 'The permissions of a user on the whole server.',
  values: {
    USER: { description: 'The user has no special permissions.' },
    ADMIN: {
      description: 'The user moderates all visible rooms, answers support and sends announcements.',
    },
  } as const,
});

export const User = builder.objectRef<UserRow>('User').implement({
  description: 'A person with an account, or a guest.',
  interfaces: [NodeInterface],
  fields: (t) => ({
    username: t.exposeString('username', {
      description:
        'The unique name, 2–32 of `[a-z0-9_.-]`. In messages, `@username` mentions the user.',
    }),
    displayName: t.exposeString('displayName', {
      description: 'The name to show, 1–64 characters. It is not unique.',
    }),
    avatarUrl: t.exposeString('avatarUrl', {
      nullable: true,
      description: "The http or https URL of the user's picture. Null if there is none.",
    }),
    role: t.expose('role', {
      type: Role,
      description: 'The permissions of the user on the whole server.',
    }),
    isGuest: t.exposeBoolean('isGuest', {
      description: 'Whether the user is a guest: without a password, and for one day.',
    }),
    isBot: t.exposeBoolean('isBot', {
      description:
        'Whether a program of the application writes under this name. A bot is never online.',
    }),
    externalId: t.string({
      nullable: true,
      description:
        'The id of the user in the application: the `sub` of their tokens. For admins, backends and the user; null for other viewers, and for users without such an id.',
      extensions: viewerDependent,
      resolve: ({ id }, _args, { scope }) => shownExternalId(scope, id),
    }),
    metadata: t.field({
      type: 'JSONObject',
      description:
        'The data of the application about the user, for everyone to read; up to 8 KiB. Backends set it with `upsertUsers`.',
      resolve: async ({ id }, _args, { scope }) => (await userDetails.load(scope, id)).metadata,
    }),
    suspendedUntil: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'The end of the suspension of the user, in the year 9999 for a permanent one. For admins and backends; null for other viewers, and if the user is not suspended.',
      extensions: viewerDependent,
      resolve: ({ id }, _args, { scope }) => shownSuspension(scope, id),
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'The time at which the account was created.',
    }),
  }),
});

export const UserConnection = builder.connectionObject(
  { type: User, name: 'UserConnection', description: 'A page of users.' },
  { description: 'A user with its cursor.' },
);

builder.queryField('viewer', (t) =>
  t.field({
    type: User,
    nullable: true,
    description: 'The signed-in user who sends the request. Null without a token.',
    extensions: viewerDependent,
    resolve: (_root, _args, { scope }) => scope.viewer && users.load(scope, scope.viewer.id),
  }),
);

builder.queryField('user', (t) =>
  t.field({
    type: User,
    nullable: true,
    description:
      'The user with this `id` or `username`. Null if there is none. `INVALID` unless exactly one of the two is given.',
    extensions: viewerDependent,
    args: {
      id: t.arg.id({ description: 'The id of the user.' }),
      username: t.arg.string({ description: 'The username, in any case.' }),
    },
    resolve: (_root, args, { scope }) => findUser(scope, args),
  }),
);

builder.queryField('users', (t) =>
  t.connection(
    {
      type: User,
      description:
        'All users except guests, in the order of their usernames. The server may be set to list only contacts, or none. An exact username is always found.',
      extensions: viewerDependent,
      complexity: pageCost,
      args: {
        search: t.arg.string({
          description:
            'The beginning of a username, or any part of a display name; at most 64 characters.',
        }),
      },
      resolve: (_root, args, { scope }) => searchUsers(scope, args),
    },
    UserConnection,
  ),
);

const UpdateProfileInput = builder.inputType('UpdateProfileInput', {
  description: 'The profile fields to change. Omitted fields keep their value.',
  fields: (t) => ({
    username: t.string({
      description:
        'The new username, 2–32 of `[a-z0-9_.-]`. Upper case becomes lower case. `CONFLICT` if it is taken, `FORBIDDEN` for guests.',
    }),
    displayName: t.string({
      description: 'The new display name, 1–64 characters after trimming.',
    }),
    avatarUrl: t.string({
      description:
        'The http or https URL of a picture, at most 2048 characters. Null removes the picture.',
    }),
  }),
});

export const UserPayload = builder.objectRef<{ user: UserRow }>('UserPayload').implement({
  description: 'The result of changing a user.',
  fields: (t) => ({
    user: t.expose('user', { type: User, description: 'The user after the change.' }),
  }),
});

mutation('updateProfile', {
  description: "Changes the viewer's username, display name or picture.",
  input: UpdateProfileInput,
  payload: UserPayload,
  resolve: async (input, { scope }) => ({ user: await updateProfile(scope, input) }),
});
