import { builder, NodeInterface, viewerDependent } from '../../graphql/builder.ts';
import { mutation } from '../../graphql/mutation.ts';
import { pageCost } from '../../graphql/pages.ts';
import { rowOf, rowOrNull } from '../../graphql/rows.ts';
import { Message } from '../messages/messages.graphql.ts';
import { User } from '../people/users.graphql.ts';
import { users } from '../people/users.ts';
import {
  listReports,
  reportedMessage,
  reportMessage,
  resolveReport,
  type Report as ReportRow,
} from './reports.ts';

const Report = builder.objectRef<ReportRow>('Report').implement({
  description: 'A report that asks moderators to review a message.',
  interfaces: [NodeInterface],
  fields: (t) => ({
    message: t.field({
      type: Message,
      description:
        'The reported message. Its `replyTo` is null if the viewer cannot see the conversation.',
      resolve: (report, _args, { scope }) => reportedMessage(scope, report),
    }),
    reporter: t.field({
      type: User,
      description: 'The user who reported the message.',
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
      description: 'The user who resolved the report. Null while it is open.',
      resolve: rowOrNull(users, ({ resolvedById }) => resolvedById),
    }),
  }),
});

const ReportConnection = builder.connectionObject(
  { type: Report, name: 'ReportConnection', description: 'A page of reports.' },
  { description: 'A report with its cursor.' },
);

builder.queryField('reports', (t) =>
  t.connection(
    {
      type: Report,
      description:
        'The reports, with the newest first. Moderators and owners receive those of their rooms; admins all, except of private rooms they are not in.',
      extensions: viewerDependent,
      complexity: pageCost,
      args: {
        roomId: t.arg.id({
          description: 'The id of a room. If given, only its reports are returned.',
        }),
        resolved: t.arg.boolean({
          description:
            'Whether to return only resolved reports (`true`) or only open ones (`false`). If omitted, both.',
        }),
      },
      resolve: (_root, args, { scope }) => listReports(scope, args),
    },
    ReportConnection,
  ),
);

const ReportPayload = builder.objectRef<{ report: ReportRow }>('ReportPayload').implement({
  description: 'The result of creating or resolving a report.',
  fields: (t) => ({
    report: t.expose('report', { type: Report, description: 'The report after the change.' }),
  }),
});

const ReportMessageInput = builder.inputType('ReportMessageInput', {
  description: 'The message to report, and the reason.',
  fields: (t) => ({
    messageId: t.id({
      required: true,
      description:
        'The id of a message that the viewer may see. `CONFLICT` if the message was deleted.',
    }),
    reason: t.string({
      required: true,
      description: 'The reason for the report, 1–500 characters.',
    }),
  }),
});

mutation('reportMessage', {
  description:
    'Reports a message to the moderators and owners of the room, or else to the admins. A second report by the same user returns the first one. Not for guests.',
  input: ReportMessageInput,
  payload: ReportPayload,
  resolve: async (input, { scope }) => ({ report: await reportMessage(scope, input) }),
});

const ResolveReportInput = builder.inputType('ResolveReportInput', {
  description: 'The report to resolve.',
  fields: (t) => ({
    reportId: t.id({
      required: true,
      description: 'The id of the report. `NOT_FOUND` if the viewer may not see it.',
    }),
  }),
});

mutation('resolveReport', {
  description:
    'Marks a report as resolved. For users who may see it. A resolved report stays as it is.',
  input: ResolveReportInput,
  payload: ReportPayload,
  resolve: async ({ reportId }, { scope }) => ({ report: await resolveReport(scope, reportId) }),
});
