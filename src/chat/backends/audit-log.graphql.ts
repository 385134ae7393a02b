import { builder, NodeInterface, viewerDependent } from '../../graphql/builder.ts';
import { pageCost } from '../../graphql/pages.ts';
import { rowOrNull } from '../../graphql/rows.ts';
import { User } from '../people/users.graphql.ts';
import { users } from '../people/users.ts';
import { listAuditEntries, type AuditEntry as EntryRow } from './audit-log.ts';

export const AuditEntry = builder.objectRef<EntryRow>('AuditEntry').implement({
  description: 'An entry of the audit log: one call of a backend, successful or not.',
  interfaces: [NodeInterface],
  fields: (t) => ({
    action: t.exposeString('action', {
      description: 'The name of the operation, such as `upsertUsers`. More values may follow.',
    }),
    service: t.exposeString('service', {
      nullable: true,
      description: 'The `sub` of the service token with which the backend called.',
    }),
    user: t.field({
      type: User,
      nullable: true,
      description:
        'The user for whom or on whom the backend acted. Null if it was none, or several users.',
      resolve: rowOrNull(users, ({ userId }) => userId),
    }),
    target: t.exposeString('target', {
      nullable: true,
      description:
        'The ids of the objects concerned as the backend passed them, separated by spaces; of more than 20 the first 20. Null if there are none.',
    }),
    requestId: t.exposeString('requestId', {
      nullable: true,
      description: 'The id of the request, which the log of the server contains as well.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'The time of the call.' }),
  }),
});

const AuditEntryConnection = builder.connectionObject(
  { type: AuditEntry, name: 'AuditEntryConnection', description: 'A page of the audit log.' },
  { description: 'A log entry with its cursor.' },
);

builder.queryField('auditLog', (t) =>
  t.connection(
    {
      type: AuditEntry,
      description: 'The calls of backends, with the newest first. For admins.',
      extensions: viewerDependent,
      complexity: pageCost,
      resolve: (_root, page, { scope }) => listAuditEntries(scope, page),
    },
    AuditEntryConnection,
  ),
);
