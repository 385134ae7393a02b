/**
 * npm run pictures: takes the pictures of `docs/pictures` with Chromium, of the demo that
 * `npm run seed` makes. Another directory can be named: `npm run pictures -- --to DIRECTORY`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { startApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { createLog } from '../src/log.ts';
import { findProgram } from '../test/support/server-process.ts';

interface Picture {
  readonly name: string;
  /** Not signed in if missing. */
  readonly user?: string;
  readonly device: BrowserContextOptions;
  /** Brings the page into the state to show. */
  pose?(page: Page): Promise<void>;
}

const desktop = { viewport: { width: 1180, height: 740 } };
const wide = { viewport: { width: 2560, height: 1300 } };
const phone = { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true };
const dark = { colorScheme: 'dark' } as const;

const openRoom = (name: string) => async (page: Page) => {
  await page
    .getByRole('navigation')
    .getByRole('link', { name: new RegExp(`^${name}`) })
    .first()
    .click();
  await page.getByRole('textbox', { name: /^Message / }).waitFor();
  await page.locator('.message').first().waitFor();
};

const pictures: readonly Picture[] = [
  { name: 'welcome', device: desktop },
  { name: 'welcome-dark', device: { ...desktop, ...dark } },
  { name: 'lobby', user: 'chiara', device: desktop },
  { name: 'room-light', user: 'ada', device: desktop, pose: openRoom('Engineering') },
  {
    name: 'room-dark',
    user: 'ada',
    device: { ...desktop, ...dark },
    pose: openRoom('Engineering'),
  },
  { name: 'room-wide', user: 'ada', device: wide, pose: openRoom('Engineering') },
  { name: 'direct', user: 'ada', device: desktop, pose: openRoom('Grace Kim') },
  { name: 'phone-list', user: 'ada', device: phone },
  { name: 'phone', user: 'ada', device: { ...phone, ...dark }, pose: openRoom('Engineering') },
];

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
  mkdirSync(values.to, { recursive: true });
  for (const picture of pictures) await take(picture, app.url, browser);
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

async function take({ name, user, device, pose }: Picture, url: string, browser: Browser) {
  const context = await browser.newContext({ ...device, baseURL: url });
  const page = await context.newPage();
  await page.goto('/');
  if (user) await signIn(page, user);
  await pose?.(page);
  // Images and animations come to rest.
  await page.waitForTimeout(800);
  await page.screenshot({ path: join(values.to, `${name}.png`) });
  await context.close();
  process.stdout.write(`${name}\n`);
}

async function signIn(page: Page, username: string): Promise<void> {
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password').fill('seeded-and-not-secret');
  await page.locator('form').getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Lobby', exact: true }).waitFor();
}
