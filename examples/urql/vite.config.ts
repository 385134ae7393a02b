import { defaultClientConditions, defineConfig } from 'vite';

/** The page reaches Causerie under its own address. */
const proxy = {
  '/graphql': { target: process.env.CAUSERIE_URL ?? 'http://127.0.0.1:4000', ws: true },
};

export default defineConfig({
  server: { proxy },
  preview: { proxy },
  // Uses the source of the SDK in this repository. Leave this out in your own application.
  resolve: { conditions: ['@causerie/source', ...defaultClientConditions] },
});
