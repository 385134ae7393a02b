import { query, type Person } from './person.ts';
import type { TestNode } from './start-node.ts';

const linkFields = 'id code createdAt expiresAt maxUses useCount revokedAt createdBy { username }';

export const createInviteLink = async (
  person: Person,
  input: { roomId: string; expiresAt?: Date; maxUses?: number },
): Promise<any> =>
  (
    await person.query(
      `mutation ($input: CreateInviteLinkInput!) { createInviteLink(input: $input) { inviteLink { ${linkFields} } } }`,
      { input },
    )
  ).createInviteLink.inviteLink;

export const revokeInviteLink = async (person: Person, code: string): Promise<any> =>
  (
    await person.query(
      `mutation ($input: InviteLinkInput!) { revokeInviteLink(input: $input) { inviteLink { ${linkFields} } } }`,
      { input: { code } },
    )
  ).revokeInviteLink.inviteLink;

/** The id of the room. */
export const acceptInviteLink = async (person: Person, code: string): Promise<string> =>
  (
    await person.query(
      'mutation ($input: InviteLinkInput!) { acceptInviteLink(input: $input) { room { id } } }',
      { input: { code } },
    )
  ).acceptInviteLink.room.id;

/** Newest first. */
export const inviteLinks = async (person: Person, roomId: string): Promise<any[]> =>
  (
    await person.query(
      `query ($roomId: ID!) { inviteLinks(roomId: $roomId) { edges { node { ${linkFields} } } } }`,
      { roomId },
    )
  ).inviteLinks.edges.map(({ node }: any) => node);

/** What somebody who is not signed in sees of a link. */
export const previewInviteLink = async (node: TestNode, code: string): Promise<any> =>
  (
    await query(
      node.url,
      'query ($code: String!) { inviteLink(code: $code) { roomName memberCount expiresAt } }',
      { code },
    )
  ).inviteLink;

/** Newest first. */
export const invitations = async (person: Person): Promise<any[]> =>
  (
    await person.query(
      '{ invitations { edges { node { id room { id name memberCount } invitedBy { username } } } } }',
    )
  ).invitations.edges.map(({ node }: any) => node);

export const acceptInvitation = async (person: Person, invitationId: string): Promise<any> =>
  (
    await person.query(
      'mutation ($input: InvitationInput!) { acceptInvitation(input: $input) { room { id viewerMember { role } } } }',
      { input: { invitationId } },
    )
  ).acceptInvitation.room;

export const declineInvitation = (person: Person, invitationId: string): Promise<any> =>
  person.query('mutation ($input: InvitationInput!) { declineInvitation(input: $input) { ok } }', {
    input: { invitationId },
  });
