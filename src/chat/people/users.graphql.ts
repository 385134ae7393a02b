import { builder, NodeInterface, viewerDependent } from '../../graphql/builder.ts';
import { pageCost } from '../../graphql/pages.ts';
import { findUser, searchUsers, updateProfile, users, type UserRow } from './users.ts';

const Role = builder.enumType('Role', {
  description: 'What someone may do everywhere.',
  values: {
    USER: { description: 'Everybody.' },
    ADMIN: { description: 'Who runs the application.' },
  } as const,
});

export const User = builder.objectRef<UserRow>('User').implement({
  description: 'Somebody who takes part.',
  interfaces: [NodeInterface],
  fields: (t) => ({
    username: t.exposeString('username', {
      description: 'Unique, 2-32 of `[a-z0-9_.-]`: the @name in mentions.',
    }),
    displayName: t.exposeString('displayName', {
      description: 'What to show, 1-64 characters. Not unique.',
    }),
    avatarUrl: t.exposeString('avatarUrl', {
      nullable: true,
      description: 'An http or https URL of a picture.',
    }),
    role: t.expose('role', { type: Role, description: 'What this user may do everywhere.' }),
    isGuest: t.exposeBoolean('isGuest', { description: 'Came without a password, for a day.' }),
    createdAt: t.field({
      type: 'DateTime',
      description: 'When this user was first seen.',
      resolve: (user) => new Date(user.createdAt),
    }),
  }),
});

const UserConnection = builder.connectionObject(
  { type: User, name: 'UserConnection', description: 'A page of users.' },
  { description: 'A user and their place in the list.' },
);

builder.queryField('viewer', (t) =>
  t.field({
    type: User,
    nullable: true,
    description: 'Who is asking; null when nobody is signed in.',
    extensions: viewerDependent,
    resolve: (_root, _args, { scope }) => scope.viewer && users.load(scope, scope.viewer.id),
  }),
);

builder.queryField('user', (t) =>
  t.field({
    type: User,
    nullable: true,
    description: 'One user, by `id` or by `username`; null when there is none.',
    extensions: viewerDependent,
    args: {
      id: t.arg.id({ description: 'The id of the user.' }),
      username: t.arg.string({ description: 'Upper and lower case are the same.' }),
    },
    resolve: (_root, args, { scope }) => findUser(scope, args),
  }),
);

builder.queryField('users', (t) =>
  t.connection(
    {
      type: User,
      description:
        'Users in the order of their usernames. Guests are left out: they are seen where they take part, in the members of a room.',
      extensions: viewerDependent,
      complexity: pageCost,
      args: {
        search: t.arg.string({
          description:
            'The beginning of a username, or a part of a display name. At most 64 characters.',
        }),
      },
      resolve: (_root, args, { scope }) => searchUsers(scope, args),
    },
    UserConnection,
  ),
);

const UpdateProfileInput = builder.inputType('UpdateProfileInput', {
  description: 'What is left out stays as it is.',
  fields: (t) => ({
    username: t.string({
      description:
        '2-32 of `[a-z0-9_.-]`; upper case becomes lower case. CONFLICT when somebody else has it. Guests keep theirs.',
    }),
    displayName: t.string({ description: '1-64 characters after trimming.' }),
    avatarUrl: t.string({
      description: 'An http or https URL of at most 2048 characters; null removes the picture.',
    }),
  }),
});

const UserPayload = builder.objectRef<{ user: UserRow }>('UserPayload').implement({
  description: 'A user, as changed.',
  fields: (t) => ({
    user: t.field({
      type: User,
      description: 'The user, as changed.',
      resolve: ({ user }) => user,
    }),
  }),
});

builder.mutationField('updateProfile', (t) =>
  t.field({
    type: UserPayload,
    description: 'Changes what others see of the viewer.',
    args: {
      input: t.arg({ type: UpdateProfileInput, required: true, description: 'What to change.' }),
    },
    resolve: async (_root, { input }, { scope }) => ({ user: await updateProfile(scope, input) }),
  }),
);
