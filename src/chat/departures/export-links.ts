import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { forbidden, invalid, notFound } from '../../errors.ts';
import type { Node, Scope } from '../../scope.ts';
import { livingUsers } from '../people/users.ts';
import { startServiceCall } from '../policy/service-calls.ts';
import { linesOfExport } from './export.ts';

/** The path of the links. */
export const exportPath = '/exports';

const validMs = 3_600_000;

/** The user, the service that asked, and the end in ms since 1970. */
const grant = z.tuple([z.guid(), z.string(), z.number()]);

const signatureOf = ({ signingKey }: Node, content: string): Buffer =>
  createHmac('sha256', signingKey).update(`a link to an export\n${content}`).digest();

/** A path that shows the export of a user to this service, for an hour. */
export function exportLink(node: Node, userId: string, serviceId: string): string {
  const content = Buffer.from(JSON.stringify([userId, serviceId, Date.now() + validMs]));
  const text = content.toString('base64url');
  return `${exportPath}?of=${text}.${signatureOf(node, text).toString('base64url')}`;
}

/**
 * The lines of the export behind the `of` of a link. INVALID for a malformed one, FORBIDDEN if it
 * has expired or belongs to another service, NOT_FOUND if the user was deleted.
 */
export async function openExport(scope: Scope, of: string): Promise<AsyncIterable<string>> {
  const { node } = scope;
  const [userId, serviceId, end] = parseLink(node, of);
  const action = 'exportUser';
  const service = await startServiceCall(scope, 'erase', { action, userId, targets: [userId] });
  if (service.id !== serviceId)
    throw forbidden('This link is for another service. Ask for one with `exportUser`.');
  if (end < Date.now())
    throw forbidden('This link has expired. Ask for another one with `exportUser`.');
  if (!(await livingUsers.load(scope, userId))) throw notFound('This user was deleted.');
  return linesOfExport(node.database.prisma, userId);
}

function parseLink(node: Node, of: string): z.output<typeof grant> {
  const [text = '', signature = ''] = of.split('.');
  const given = Buffer.from(signature, 'base64url');
  const expected = signatureOf(node, text);
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    throw invalid('This is not a link to an export. Ask for one with `exportUser`.', 'of');
  return grant.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
}
