import type { Page } from 'playwright-core';
import { until } from './until.ts';

export async function openGraphiQL(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.waitForSelector('.graphiql-query-editor .monaco-editor');
}

/** Its editors draw spaces of their own and break lines anywhere. */
export const answerOf = async (page: Page): Promise<string> => (await page.locator('.result-window').innerText()).replace(/\s/g, '');

/** Runs one of the operations of the tab. It reads these a moment after a tab was opened; until then it offers those of the one before, or none. */
export const runOperation = (page: Page, operation: string): Promise<void> =>
  until(`${operation} is offered`, async () => {
    await page.locator('.graphiql-execute-button').click();
    const item = page.getByRole('menuitem', { name: operation, exact: true });
    const isOffered = await item.waitFor({ timeout: 500 }).then(() => true, () => false);
    await (isOffered ? item.click() : page.keyboard.press('Escape'));
    return isOffered;
  });
