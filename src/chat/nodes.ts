import { isId } from '../ids.ts';
import { requireViewer, type Scope } from '../scope.ts';
import { findAuditEntry } from './backends/audit-log.ts';
import { findWebhook } from './backends/webhooks.ts';
import { findVisibleConversation } from './conversations/access.ts';
import { kindOf } from './conversations/kinds.ts';
import { findInvitation } from './conversations/invitation-rows.ts';
import { findMember } from './conversations/members.ts';
import { findAttachment } from './files/attachments.ts';
import { findUpload } from './files/uploads.ts';
import { findInviteLink } from './invitations/invite-links.ts';
import { findVisibleMessage } from './messages/visible-message.ts';
import { findEntry } from './moderation/moderation-log.ts';
import { visibleReport } from './moderation/reports.ts';
import { findUserReport } from './moderation/user-reports.ts';
import { findNotification } from './notifications/notifications.ts';
import { findUser } from './people/users.ts';

/** A row, with the name of its type in the API. */
type ApiObject = object & { readonly __typename: string };

type Finder = (scope: Scope, id: string) => Promise<ApiObject | null>;

const finder =
  <Row extends object>(
    typeName: string,
    find: (scope: Scope, id: string) => Promise<Row | null>,
  ): Finder =>
  async (scope, id) => {
    const row = await find(scope, id);
    return row && { ...row, __typename: typeName };
  };

/**
 * Each finds the objects of a type that the viewer may see. Ids do not name their type, so all are
 * asked, each for one row by its key.
 */
const finders: readonly Finder[] = [
  finder('User', (scope, id) => findUser(scope, { id })),
  finder('Message', async (scope, id) => (await findVisibleMessage(scope, id))?.message ?? null),
  finder('Notification', findNotification),
  finder('Report', (scope, id) => visibleReport.load(scope, id)),
  finder('UserReport', findUserReport),
  finder('ModerationEntry', findEntry),
  finder('AuditEntry', findAuditEntry),
  finder('Invitation', findInvitation),
  finder('InviteLink', findInviteLink),
  finder('Webhook', findWebhook),
  finder('Upload', findUpload),
  finder('Attachment', findAttachment),
  async (scope, id) => {
    const conversation = await findVisibleConversation(scope, id);
    return (
      conversation && { ...conversation, __typename: kindOf(scope.node, conversation).typeName }
    );
  },
];

const findMembership = finder('Member', findMember);

/** The number of rows that a search by id reads. */
export const rowsRead = finders.length;

/** The object with this id, of any type. Null if there is none, or the viewer may not see it. */
export async function findNode(scope: Scope, id: string): Promise<ApiObject | null> {
  requireViewer(scope);
  const key = id.toLowerCase();
  if (!isId(key)) return findMembership(scope, key);
  const found = await Promise.all(finders.map((find) => find(scope, key)));
  return found.find((object) => object !== null) ?? null;
}
