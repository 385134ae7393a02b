import type { Page } from 'playwright-core';
import { until } from './until.ts';

export interface GraphiQL {
  /** Runs one of the operations of the tab. Resolves when it was sent. */
  run(operation: string): Promise<void>;
  /** The answer without spaces, because the editor adds spaces and line breaks of its own. */
  answer(): Promise<string>;
}

export async function openGraphiQL(page: Page, url: string): Promise<GraphiQL> {
  const sent: string[] = [];
  page.on('request', (request) => sent.push(request.postData() ?? ''));
  page.on('websocket', (socket) =>
    socket.on('framesent', ({ payload }) => sent.push(String(payload))),
  );
  await page.goto(url);
  await page.waitForSelector('.graphiql-query-editor .monaco-editor');
  const timesSent = (operation: string) =>
    sent.filter((text) => text.includes(`"operationName":"${operation}"`)).length;

  return {
    // GraphiQL parses the operations a moment after a tab is opened. Until then it offers those of
    // the previous tab, or none, and may close the menu.
    async run(operation) {
      const before = timesSent(operation);
      await until(`${operation} is sent`, async () => {
        await page.locator('.graphiql-execute-button').click();
        const item = page.getByRole('menuitem', { name: operation, exact: true });
        const isChosen = await item.click({ timeout: 500 }).then(
          () => true,
          () => false,
        );
        if (!isChosen) await page.keyboard.press('Escape');
        // A second click would stop an operation that was sent late.
        return until(
          'it is sent',
          () => timesSent(operation) > before,
          isChosen ? 10_000 : 1000,
        ).then(
          () => true,
          () => false,
        );
      });
    },
    answer: async () => (await page.locator('.result-window').innerText()).replace(/\s/g, ''),
  };
}
