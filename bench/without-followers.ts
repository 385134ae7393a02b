const built = (path: string) => new URL(`../dist/${path}`, import.meta.url).href;

/**
 * A module that takes what serves `appEvents` and webhooks out of a node, so that its cost can be
 * measured while nobody follows. It fails if what it replaces is not loaded.
 */
export const withoutFollowers = `
  import { register } from 'node:module';
  const replaced = {
    ${JSON.stringify(built('events/sequencer.js'))}:
      'export const createSequencer = () => ({ catchUp: async () => {}, follow: () => () => {}, [Symbol.asyncDispose]: async () => {} });',
    ${JSON.stringify(built('gateway/webhook-deliveries.js'))}:
      'export const startWebhooks = () => async () => {};',
  };
  register('data:text/javascript,' + encodeURIComponent(
    'const replaced = ' + JSON.stringify(replaced) + ';' +
    'export const load = (url, context, next) => url in replaced ? { format: "module", shortCircuit: true, source: replaced[url] } : next(url, context);'));
`;
