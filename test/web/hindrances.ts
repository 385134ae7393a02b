import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds that hinders somebody; the evaluation of a string is the browser's own, which no policy of the page forbids. */
export async function hindrances(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => (globalThis as any).axe.run({ resultTypes: ['violations'] }));
  return violations.filter(({ impact }: any) => impact === 'serious' || impact === 'critical').map(({ id, nodes }: any) => `${id}: ${nodes.map(({ html }: any) => html.slice(0, 120)).join(' | ')}`);
}
