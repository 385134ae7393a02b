import { builder, NodeInterface, viewerDependent } from '../../graphql/builder.ts';
import { mutation, okPayload } from '../../graphql/mutation.ts';
import { pageCost } from '../../graphql/pages.ts';
import { rowOf, rowOrNull } from '../../graphql/rows.ts';
import { NotificationEvent, type EventOf } from '../conversations/events.graphql.ts';
import { User } from '../people/users.graphql.ts';
import { users } from '../people/users.ts';
import { openReportCount } from './open-reports.ts';
import {
  listUserReports,
  reportUser,
  resolveUserReport,
  type UserReport as UserReportRow,
} from './user-reports.ts';

const UserReport = builder.objectRef<UserReportRow>('UserReport').implement({
  description: 'A report of a user, for admins.',
  interfaces: [NodeInterface],
  fields: (t) => ({
    user: t.field({
      type: User,
      description: 'The reported user.',
      resolve: rowOf(users, ({ userId }) => userId),
    }),
    reporter: t.field({
      type: User,
      description: 'The user who reported.',
      resolve: rowOf(users, ({ reporterId }) => reporterId),
    }),
    reason: t.exposeString('reason', { description: 'The reason that the reporter gave.' }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'The time of the report.',
    }),
    resolvedAt: t.expose('resolvedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'The time at which the report was resolved. Null while it is open.',
    }),
    resolvedBy: t.field({
      type: User,
      nullable: true,
      description: 'The admin who resolved the report. Null while it is open.',
      resolve: rowOrNull(users, ({ resolvedById }) => resolvedById),
    }),
  }),
});

const UserReportConnection = builder.connectionObject(
  { type: UserReport, name: 'UserReportConnection', description: 'A page of reports of users.' },
  { description: 'A report of a user with its cursor.' },
);

builder.queryFields((t) => ({
  userReports: t.connection(
    {
      type: UserReport,
      description: 'The reports of users, with the newest first. For admins.',
      extensions: viewerDependent,
      complexity: pageCost,
      args: {
        resolved: t.arg.boolean({
          description:
            'Whether to return only resolved reports (`true`) or only open ones (`false`). If omitted, both.',
        }),
      },
      resolve: (_root, args, { scope }) => listUserReports(scope, args),
    },
    UserReportConnection,
  ),
  openReportCount: t.int({
    description:
      'The number of open reports that the viewer can resolve. `OpenReportsChanged` announces changes.',
    extensions: viewerDependent,
    resolve: (_root, _args, { scope }) => openReportCount(scope),
  }),
}));

builder.objectRef<EventOf<'OpenReportsChanged'>>('OpenReportsChanged').implement({
  description:
    'A report that the viewer can resolve was made or resolved. A change of the role causes no event.',
  interfaces: [NotificationEvent],
  fields: (t) => ({
    openReportCount: t.int({
      description: 'The number of open reports that the viewer can resolve, as of now.',
      extensions: viewerDependent,
      resolve: (_event, _args, { scope }) => openReportCount(scope),
    }),
  }),
});

const ReportUserInput = builder.inputType('ReportUserInput', {
  description: 'The user to report, and the reason.',
  fields: (t) => ({
    userId: t.id({
      required: true,
      description: 'The id of the user. `NOT_FOUND` for unknown users, `CONFLICT` for the viewer.',
    }),
    reason: t.string({
      required: true,
      description: 'The reason for the report, 1–500 characters.',
    }),
  }),
});

mutation('reportUser', {
  description:
    'Reports a user to the admins. An open report by the viewer stays as it is. Not for guests.',
  input: ReportUserInput,
  payload: okPayload('ReportUserPayload', 'The result of reporting a user.'),
  resolve: async (input, { scope }) => {
    await reportUser(scope, input);
    return { ok: true };
  },
});

const ResolveUserReportInput = builder.inputType('ResolveUserReportInput', {
  description: 'The report of a user to resolve.',
  fields: (t) => ({
    reportId: t.id({
      required: true,
      description: 'The id of the report. `NOT_FOUND` if there is none.',
    }),
  }),
});

const UserReportPayload = builder
  .objectRef<{ report: UserReportRow }>('UserReportPayload')
  .implement({
    description: 'The result of resolving a report of a user.',
    fields: (t) => ({
      report: t.expose('report', { type: UserReport, description: 'The report after the change.' }),
    }),
  });

mutation('resolveUserReport', {
  description:
    'Marks a report of a user as resolved. For admins. A resolved report stays as it is.',
  input: ResolveUserReportInput,
  payload: UserReportPayload,
  resolve: async ({ reportId }, { scope }) => ({
    report: await resolveUserReport(scope, reportId),
  }),
});
