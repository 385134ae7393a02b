/**
 * npm run pictures: takes the pictures of `docs/pictures` with Chromium, of the demo that
 * `npm run seed` makes. Another directory can be named: `npm run pictures -- --to DIRECTORY`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type BrowserContextOptions, type Page } from 'playwright-core';
import { startApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { createLog } from '../src/log.ts';
import { findProgram } from '../test/support/server-process.ts';

interface Picture {
  readonly name: string;
  readonly device: BrowserContextOptions;
}

const desktop = { viewport: { width: 1180, height: 740 } };
const phone = { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true };
const dark = { colorScheme: 'dark' } as const;

const pictures: readonly Picture[] = [
  { name: 'room-light', device: desktop },
  { name: 'room-dark', device: { ...desktop, ...dark } },
  { name: 'phone', device: { ...phone, ...dark } },
];
const room = 'Engineering';
const viewer = 'ada';
/** They are in the room, too. The first one is typing. */
const others = ['olu', 'ben', 'dmitri', 'elif', 'jonas', 'mei'];

const { values } = parseArgs({ options: { to: { type: 'string', default: 'docs/pictures' } } });
const data = mkdtempSync(join(tmpdir(), 'causerie-pictures-'));
const settings = { DATA_DIR: data, ADMIN_USERNAMES: 'grace', LOG_LEVEL: 'error' };
const program = findProgram('chromium');
if (!program) throw new Error('Chromium is not installed.');

try {
  seed();
  const config = readConfig({ ...settings, PORT: '0', HOST: '127.0.0.1', RATE_LIMITS: 'off' });
  const app = await startApp(config, createLog('error'));
  const browser = await chromium.launch({
    executablePath: join(program, 'chromium'),
    args: ['--no-sandbox', '--disable-gpu'],
  });
  const openPage = async (username: string, device: BrowserContextOptions): Promise<Page> => {
    const context = await browser.newContext({ ...device, baseURL: app.url });
    const page = await context.newPage();
    await page.goto('/');
    await signIn(page, username);
    await openRoom(page);
    return page;
  };
  const [typist] = await Promise.all(others.map((username) => openPage(username, phone)));
  mkdirSync(values.to, { recursive: true });
  for (const { name, device } of pictures) {
    const page = await openPage(viewer, device);
    await typist!.getByRole('textbox').pressSequentially('I will ');
    await page.getByText('is typing').waitFor();
    await page.screenshot({ path: join(values.to, `${name}.png`) });
    await page.context().close();
  }
  await browser.close();
  await app.close();
} finally {
  rmSync(data, { recursive: true });
}

function seed(): void {
  if (!existsSync('dist/web')) throw new Error('Run npm run build first.');
  const { status, stderr } = spawnSync('npx', ['tsx', 'scripts/seed.ts'], {
    env: { ...process.env, ...settings },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
}

async function signIn(page: Page, username: string): Promise<void> {
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password').fill('seeded-and-not-secret');
  await page.locator('form').getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Lobby', exact: true }).waitFor();
}

async function openRoom(page: Page): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: room }).first().click();
  await page.locator('.message').first().waitFor();
}
