import { defaultClientConditions, defineConfig } from 'vite';

/** Causerie seems to be at the page's own server. */
const proxy = {
  '/graphql': { target: process.env.CAUSERIE_URL ?? 'http://127.0.0.1:4000', ws: true },
};

export default defineConfig({
  server: { proxy },
  preview: { proxy },
  // In this repository the SDK is taken as it is written; in yours, leave this out.
  resolve: { conditions: ['@causerie/source', ...defaultClientConditions] },
});
