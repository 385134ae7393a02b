import { builder, NodeInterface, viewerDependent } from '../../graphql/builder.ts';
import { pageCost } from '../../graphql/pages.ts';
import { User } from '../people/users.graphql.ts';
import { users } from '../people/users.ts';
import { messageById } from '../messages/message-row.ts';
import { Message } from '../messages/messages.graphql.ts';
import { listReports, reportMessage, resolveReport, type Report as ReportRow } from './reports.ts';

const Report = builder.objectRef<ReportRow>('Report').implement({
  description: 'A message that somebody wants moderators to look at.',
  interfaces: [NodeInterface],
  fields: (t) => ({
    message: t.field({
      type: Message,
      description: 'Which message.',
      resolve: async ({ messageId }, _args, { scope }) =>
        (await messageById.load(scope, messageId))!,
    }),
    reporter: t.field({
      type: User,
      description: 'Who reported it.',
      resolve: async ({ reporterId }, _args, { scope }) => (await users.load(scope, reporterId))!,
    }),
    reason: t.exposeString('reason', { description: 'Why, in their words.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was reported.' }),
    resolvedAt: t.expose('resolvedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was dealt with; null while it is open.',
    }),
    resolvedBy: t.field({
      type: User,
      nullable: true,
      description: 'Who dealt with it.',
      resolve: ({ resolvedById }, _args, { scope }) =>
        resolvedById === null ? null : users.load(scope, resolvedById),
    }),
  }),
});

const ReportConnection = builder.connectionObject(
  { type: Report, name: 'ReportConnection', description: 'A page of reports.' },
  { description: 'A report and its place in the list.' },
);

builder.queryField('reports', (t) =>
  t.connection(
    {
      type: Report,
      description:
        'Reports, newest first: for moderators and owners those of their rooms, for admins all but those of private rooms that they are not in.',
      extensions: viewerDependent,
      complexity: pageCost,
      args: {
        roomId: t.arg.id({ description: 'Only those of this room.' }),
        resolved: t.arg.boolean({
          description: 'true: only those that are dealt with; false: only those that are open.',
        }),
      },
      resolve: (_root, args, { scope }) => listReports(scope, args),
    },
    ReportConnection,
  ),
);

const ReportMessageInput = builder.inputType('ReportMessageInput', {
  description: 'What is wrong with which message.',
  fields: (t) => ({
    messageId: t.id({ required: true, description: 'A message that the viewer may see.' }),
    reason: t.string({
      required: true,
      description: 'Why it should be looked at, 1-500 characters.',
    }),
  }),
});

const ResolveReportInput = builder.inputType('ResolveReportInput', {
  description: 'Which report is dealt with.',
  fields: (t) => ({ reportId: t.id({ required: true, description: 'The report.' }) }),
});

const ReportPayload = builder.objectRef<{ report: ReportRow }>('ReportPayload').implement({
  description: 'A report, as it is now.',
  fields: (t) => ({
    report: t.field({
      type: Report,
      description: 'The report, as it is now.',
      resolve: ({ report }) => report,
    }),
  }),
});

builder.mutationFields((t) => ({
  reportMessage: t.field({
    type: ReportPayload,
    description:
      'Tells the moderators of a message; it is shown to them, whoever else may see it. Reported again by the same user, it stays as it was. Not for guests.',
    args: {
      input: t.arg({
        type: ReportMessageInput,
        required: true,
        description: 'What is wrong with which message.',
      }),
    },
    resolve: async (_root, { input }, { scope }) => ({ report: await reportMessage(scope, input) }),
  }),
  resolveReport: t.field({
    type: ReportPayload,
    description: 'Marks a report as dealt with. For those who see it.',
    args: {
      input: t.arg({ type: ResolveReportInput, required: true, description: 'Which report.' }),
    },
    resolve: async (_root, { input }, { scope }) => ({
      report: await resolveReport(scope, input.reportId),
    }),
  }),
}));
