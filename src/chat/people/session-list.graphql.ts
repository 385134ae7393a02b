import { defaultLimits } from '../../limits.ts';
import { builder, viewerDependent } from '../../graphql/builder.ts';
import { changePassword } from './change-password.ts';
import { endOtherSessions, endSession, listSessions, type SessionInfo } from './session-list.ts';
import { SessionPayload } from './sessions.graphql.ts';

const SessionInfoType = builder.objectRef<SessionInfo>('SessionInfo').implement({
  description: 'A sign-in on one device, and everything refreshed from it.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'For `endSession`.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'The time of the sign-in.' }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'The time of the last refresh, or of the sign-in if there was none.',
    }),
    userAgent: t.exposeString('userAgent', {
      nullable: true,
      description:
        'The `User-Agent` header of the client at that time, at most 256 characters. A client can write anything there: show it as text.',
    }),
    isCurrent: t.exposeBoolean('isCurrent', {
      description: 'Whether this request belongs to the session.',
    }),
  }),
});

builder.queryField('sessions', (t) =>
  t.field({
    type: [SessionInfoType],
    description:
      'The sessions in which the viewer is signed in, the one used last first. Empty for users of another issuer.',
    extensions: viewerDependent,
    complexity: { field: 1, multiplier: defaultLimits.sessionsPerUser },
    resolve: (_root, _args, { scope }) => listSessions(scope),
  }),
);

const ChangePasswordInput = builder.inputType('ChangePasswordInput', {
  description: 'The two passwords.',
  fields: (t) => ({
    currentPassword: t.string({
      required: true,
      description:
        'The password so far. `FORBIDDEN` if it is wrong, `RATE_LIMITED` after ten attempts in five minutes.',
    }),
    newPassword: t.string({ required: true, description: '8-200 characters.' }),
  }),
});

const EndSessionInput = builder.inputType('EndSessionInput', {
  description: 'The session to end.',
  fields: (t) => ({
    sessionId: t.id({
      required: true,
      description: 'The id of one of your own sessions. `NOT_FOUND` for any other.',
    }),
  }),
});

const EndSessionsPayload = builder
  .objectRef<{ endedCount: number }>('EndSessionsPayload')
  .implement({
    description: 'The sessions have ended.',
    fields: (t) => ({
      endedCount: t.exposeInt('endedCount', {
        description: 'How many sessions ended. Sessions that had ended before do not count.',
      }),
    }),
  });

builder.mutationFields((t) => ({
  changePassword: t.field({
    type: SessionPayload,
    description:
      'Changes the password, ends all other sessions, and returns new tokens for this one. Its former refresh token no longer counts.',
    args: {
      input: t.arg({
        type: ChangePasswordInput,
        required: true,
        description: 'The two passwords.',
      }),
    },
    resolve: async (_root, { input }, { scope }) => ({
      session: await changePassword(scope, input),
    }),
  }),
  endSession: t.field({
    type: EndSessionsPayload,
    description: "Ends one of the viewer's sessions on every node, and closes its connections.",
    args: {
      input: t.arg({ type: EndSessionInput, required: true, description: 'The session to end.' }),
    },
    resolve: async (_root, { input }, { scope }) => ({
      endedCount: await endSession(scope, { sessionId: String(input.sessionId) }),
    }),
  }),
  endOtherSessions: t.field({
    type: EndSessionsPayload,
    description: "Ends all of the viewer's sessions on every node, except the current one.",
    resolve: async (_root, _args, { scope }) => ({ endedCount: await endOtherSessions(scope) }),
  }),
}));
