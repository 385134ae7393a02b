import { expect, it } from 'vitest';
import { createInviteLink } from '../support/invitations.ts';
import { password, person } from '../support/person.ts';
import { createRoom, inviteToRoom } from '../support/rooms.ts';
import { describeWithChromium } from '../support/servers.ts';
import { hindrances } from './hindrances.ts';
import { webClient } from './web-client.ts';

describeWithChromium('getting into rooms in the web client', () => {
  const web = webClient({ INVITATIONS: 'ask' });

  it('an invite link shows its room to visitors, who join it with a new account', async () => {
    const ann = await web.newcomer('ann');
    await createRoom(ann.person, { name: 'Boat club', visibility: 'PRIVATE' });
    await ann.openRoom('Boat club');
    await ann.choose('More about Boat club', 'Invite links…');
    const dialog = ann.page.getByRole('dialog', { name: 'Invite links to Boat club' });
    await dialog.getByText('No links yet.').waitFor();
    await dialog.getByLabel('Uses').selectOption('5 people');
    await dialog.getByRole('button', { name: 'Create link' }).click();
    const field = dialog.getByRole('textbox', { name: 'Invite link' });
    const link = await field.inputValue();
    await dialog.getByText('used 0 of 5 times').waitFor();
    expect(await hindrances(ann.page)).toEqual([]);

    const visitor = await web.open();
    await visitor.page.goto(link);
    await visitor.page.getByRole('heading', { name: 'Boat club' }).waitFor();
    await visitor.page.getByText('1 member', { exact: true }).waitFor();
    expect(await hindrances(visitor.page)).toEqual([]);
    await visitor.page.getByLabel('Username').fill('visitor');
    await visitor.page.getByLabel('Password').fill(password);
    await visitor.page.getByRole('button', { name: 'Create account' }).click();
    await visitor.page.getByRole('textbox', { name: 'Message Boat club' }).waitFor();
    expect(new URL(visitor.page.url()).pathname).toBe('/');

    await dialog.getByRole('button', { name: 'Revoke…' }).click();
    const question = ann.page.getByRole('dialog', { name: 'Revoke this link?' });
    await question.getByRole('button', { name: 'Revoke' }).click();
    await dialog.getByText('No links yet.').waitFor();
    const late = await web.newcomer('late');
    await late.page.goto(link);
    await late.page.getByText('This invite link no longer works.').waitFor();
  });

  it('links join users who are signed in, and an address names a room', async () => {
    await using owner = await person(web.node, 'owner');
    const { id: roomId } = await createRoom(owner, { name: 'Open house & garden' });
    const { code } = await createInviteLink(owner, { roomId });
    const bob = await web.newcomer('bob');
    await bob.page.goto(`/?room=${encodeURIComponent('open house & garden')}`);
    await bob.page.getByText('You are previewing this room.').waitFor();
    await bob.page.goto(`/join/${code}`);
    await bob.page.getByRole('main').getByRole('button', { name: 'Join' }).click();
    await bob.page.getByRole('textbox', { name: 'Message Open house & garden' }).waitFor();
    await bob.page.goto('/?room=nowhere');
    await bob.page.getByText('There is no room named nowhere').waitFor();
  });

  it('invites people, who accept or decline', async () => {
    const dan = await web.newcomer('dan', { displayName: 'Dan' });
    const eve = await web.newcomer('eve', { displayName: 'Eve' });
    await createRoom(dan.person, { name: 'Choir', visibility: 'PRIVATE' });
    await dan.openRoom('Choir');
    await dan.choose('More about Choir', 'Invite…');
    await dan.page.getByRole('dialog').getByLabel('Name').fill('eve');
    await dan.page.getByRole('dialog').getByRole('button', { name: /^Eve/ }).click();
    await dan.page.getByText('Eve was invited to Choir.').waitFor();

    const invitations = eve.page.getByRole('region', { name: 'Invitations' });
    await invitations.getByText('Dan invites you').waitFor();
    expect(await hindrances(eve.page)).toEqual([]);
    await invitations.getByRole('button', { name: 'Accept the invitation to Choir' }).click();
    await eve.page.getByRole('textbox', { name: 'Message Choir' }).waitFor();

    const { id: roomId } = await createRoom(dan.person, { name: 'Band', visibility: 'PRIVATE' });
    await inviteToRoom(dan.person, { roomId, userIds: [eve.person.id] });
    await eve.page
      .getByRole('navigation')
      .getByRole('link', { name: 'Lobby 1 invitations' })
      .click();
    await invitations.getByRole('button', { name: 'Decline the invitation to Band' }).click();
    await invitations.waitFor({ state: 'detached' });
  });
});
