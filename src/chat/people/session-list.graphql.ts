import { defaultLimits } from '../../limits.ts';
import { builder, viewerDependent } from '../../graphql/builder.ts';
import { mutation } from '../../graphql/mutation.ts';
import { atMost } from '../../graphql/pages.ts';
import { changePassword } from './change-password.ts';
import {
  endOtherSessions,
  endSession,
  listSessions,
  type SessionInfo as SessionRow,
} from './session-list.ts';
import { SessionPayload } from './sessions.graphql.ts';

const SessionInfo = builder.objectRef<SessionRow>('SessionInfo').implement({
  description: 'A session of the viewer: a sign-in on one device, with all its refreshes.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id of the session, for `endSession`.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'The time of the sign-in.' }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'The time of the last refresh, or of the sign-in if there was none.',
    }),
    userAgent: t.exposeString('userAgent', {
      nullable: true,
      description:
        'The `User-Agent` header of the client at that time, at most 256 characters. Clients choose it freely, so show it as plain text.',
    }),
    isCurrent: t.exposeBoolean('isCurrent', {
      description: 'Whether this request belongs to the session.',
    }),
  }),
});

builder.queryField('sessions', (t) =>
  t.field({
    type: [SessionInfo],
    description:
      "The viewer's active sessions, the most recently used first. Empty for users of another token issuer.",
    extensions: viewerDependent,
    complexity: atMost(defaultLimits.sessionsPerUser),
    resolve: (_root, _args, { scope }) => listSessions(scope),
  }),
);

const ChangePasswordInput = builder.inputType('ChangePasswordInput', {
  description: 'The current password and the new one.',
  fields: (t) => ({
    currentPassword: t.string({
      required: true,
      description:
        'The current password. `FORBIDDEN` if it is wrong, `RATE_LIMITED` after ten attempts of the session in five minutes.',
    }),
    newPassword: t.string({ required: true, description: 'The new password, 8–200 characters.' }),
  }),
});

mutation('changePassword', {
  description:
    'Changes the password, ends all other sessions, and returns new tokens for the current one. The former refresh token becomes invalid.',
  input: ChangePasswordInput,
  payload: SessionPayload,
  resolve: async (input, { scope }) => ({ session: await changePassword(scope, input) }),
});

const EndSessionsPayload = builder
  .objectRef<{ endedCount: number }>('EndSessionsPayload')
  .implement({
    description: 'The result of ending sessions.',
    fields: (t) => ({
      endedCount: t.exposeInt('endedCount', {
        description:
          'The number of sessions that ended. Sessions that had already ended do not count.',
      }),
    }),
  });

const EndSessionInput = builder.inputType('EndSessionInput', {
  description: 'The session to end.',
  fields: (t) => ({
    sessionId: t.id({
      required: true,
      description: "The id of one of the viewer's sessions. `NOT_FOUND` for any other.",
    }),
  }),
});

mutation('endSession', {
  description: "Ends one of the viewer's sessions on every node and closes its connections.",
  input: EndSessionInput,
  payload: EndSessionsPayload,
  resolve: async (input, { scope }) => ({ endedCount: await endSession(scope, input) }),
});

builder.mutationField('endOtherSessions', (t) =>
  t.field({
    type: EndSessionsPayload,
    description: "Ends all of the viewer's sessions on every node, except the current one.",
    resolve: async (_root, _args, { scope }) => ({ endedCount: await endOtherSessions(scope) }),
  }),
);
