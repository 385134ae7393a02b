import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { person } from '../support/person.ts';
import { createRoom, joinRoom } from '../support/rooms.ts';
import { describeWithChromium } from '../support/servers.ts';
import { hindrances } from './hindrances.ts';
import { webClient } from './web-client.ts';

const picture = async (name: string, background: string) => ({
  name,
  mimeType: 'image/png',
  buffer: await sharp({ create: { width: 60, height: 40, channels: 3, background } })
    .png()
    .toBuffer(),
});
const text = (name: string, content: string) => ({
  name,
  mimeType: 'text/plain',
  buffer: Buffer.from(content),
});

type TestFile = ReturnType<typeof text>;

async function pick(page: Page, files: TestFile[]): Promise<void> {
  const chosen = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Attach files' }).click();
  await (await chosen).setFiles(files);
}

/** Puts a file into the window as a paste or a drop does. */
const give = (page: Page, type: 'paste' | 'drop', { name, mimeType, buffer }: TestFile) =>
  page.getByRole('textbox', { name: /^Message / }).evaluate(
    (field, given) => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(given.bytes)], given.name, { type: given.mimeType }));
      const options = { bubbles: true, cancelable: true };
      field.dispatchEvent(
        given.type === 'paste'
          ? new ClipboardEvent('paste', { clipboardData: data, ...options })
          : new DragEvent('drop', { dataTransfer: data, ...options }),
      );
    },
    { type, name, mimeType, bytes: [...buffer] },
  );

describeWithChromium('sending files in the web client', () => {
  const web = webClient({ ATTACHMENT_MAX_BYTES: '5000', ATTACHMENT_QUOTA_BYTES: '9000' });

  it('sends files by picker, paste and drop in one message, and shows images in full', async () => {
    const ann = await web.newcomer('ann');
    const bob = await web.newcomer('bob');
    const { id: roomId } = await createRoom(ann.person, { name: 'Darkroom' });
    await joinRoom(bob.person, { roomId });
    await ann.openRoom('Darkroom');
    await bob.openRoom('Darkroom');

    await pick(ann.page, [await picture('quay.png', '#2060a0'), text('notes.txt', 'low tide')]);
    await give(ann.page, 'paste', await picture('pasted.png', '#a06020'));
    await give(ann.page, 'drop', text('mistake.txt', 'not this one'));
    const files = ann.page.getByRole('list', { name: 'Files to send' });
    await ann.page.getByText('4 files are ready to send.').waitFor();
    await files.getByRole('button', { name: 'Remove mistake.txt' }).click();
    expect(await files.getByRole('listitem').count()).toBe(3);
    expect(await hindrances(ann.page)).toEqual([]);
    // Uploaded files survive a reload [P18].
    await ann.page.reload();
    await ann.page.getByText('3 files are ready to send.').waitFor();
    await ann.say('From the harbour');
    await files.waitFor({ state: 'detached' });

    const message = bob.page.locator('.message', { hasText: 'From the harbour' });
    await message.getByRole('button', { name: 'Open quay.png' }).click();
    const viewer = bob.page.getByRole('dialog', { name: 'quay.png' });
    await viewer.getByText('1 of 2').waitFor();
    expect(await hindrances(bob.page)).toEqual([]);
    await bob.page.keyboard.press('ArrowRight');
    const next = bob.page.getByRole('dialog', { name: 'pasted.png' });
    await expect
      .poll(() => next.getByRole('img').evaluate((img: HTMLImageElement) => img.naturalWidth))
      .toBe(60);
    await bob.page.keyboard.press('Escape');
    await next.waitFor({ state: 'detached' });
    const saved = bob.page.waitForEvent('download');
    await message.getByRole('button', { name: 'Download notes.txt' }).click();
    expect((await saved).suggestedFilename()).toBe('notes.txt');
  });

  it('says why a file cannot be sent, and continues after an interruption', async () => {
    const cyd = await web.newcomer('cyd');
    await createRoom(cyd.person, { name: 'Attic' });
    await cyd.openRoom('Attic');
    const files = cyd.page.getByRole('list', { name: 'Files to send' });
    const tooLarge = 'This file is too large. A file can have up to 5 kB.';
    await pick(cyd.page, [text('huge.txt', 'x'.repeat(6000)), text('empty.txt', '')]);
    await files.getByText(tooLarge).waitFor();
    await files.getByText('This file is empty.').waitFor();
    expect(await files.getByRole('button', { name: 'Try again' }).count()).toBe(0);
    await cyd.say('with broken files');
    await cyd.page.getByText('A file could not be uploaded.').waitFor();
    expect(await cyd.said()).toEqual([]);
    await files.getByRole('button', { name: 'Remove huge.txt' }).click();
    await files.getByRole('button', { name: 'Remove empty.txt' }).click();

    await pick(cyd.page, [text('one.txt', 'x'.repeat(4900)), text('two.txt', 'x'.repeat(4900))]);
    await files.getByText('Your files use all your space on this server.').waitFor();
    await files.getByRole('button', { name: 'Remove two.txt' }).click();

    await cyd.page.route('**/files/uploads/**', (route) =>
      route.fulfill({ status: 403, json: { errors: [{ message: 'The address is too old.' }] } }),
    );
    await pick(cyd.page, [text('three.txt', 'short')]);
    await files.getByText('The address is too old.').waitFor();
    await cyd.page.unroute('**/files/uploads/**');
    await files.getByRole('button', { name: 'Try again' }).click();
    await cyd.page.getByText('2 files are ready to send.').waitFor();
    await cyd.field.press('Enter');
    await cyd.page.getByRole('button', { name: 'Download three.txt' }).waitFor();
  });

  it('offers no files to people who cannot write', async () => {
    const owner = await person(web.node, 'owner');
    await createRoom(owner, { name: 'Hall' });
    const { page } = await web.newcomer('passer');
    await page.getByRole('link', { name: 'Hall', exact: true }).first().click();
    await page.getByText('You are previewing this room.').waitFor();
    expect(await page.getByRole('button', { name: 'Attach files' }).count()).toBe(0);
  });
});
