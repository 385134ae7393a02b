import { slug } from 'github-slugger';
import { defineConfig } from 'vitepress';

// Everything that a page loads is part of the site: it needs no network, and searches in the
// browser.
export default defineConfig({
  title: 'Causerie',
  description: 'A chat backend as one GraphQL API.',
  srcDir: 'pages',
  outDir: 'dist',
  cleanUrls: false,
  lastUpdated: false,
  markdown: {
    theme: { light: 'github-light', dark: 'github-dark' },
    // Headings have the same addresses here and on GitHub.
    anchor: { slugify: (heading) => slug(heading) },
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Protocol', link: '/docs/protocol' },
      { text: 'GraphQL API', link: '/reference/api/queries' },
      { text: 'SDK', link: '/client/README' },
    ],
    sidebar: [
      {
        text: 'Use it',
        items: [
          { text: 'Introduction', link: '/README' },
          { text: 'Protocol', link: '/docs/protocol' },
          { text: 'Beside your application', link: '/docs/application' },
          { text: 'Backend API', link: '/docs/backend' },
          { text: 'Webhooks', link: '/docs/webhooks' },
          { text: 'Message gate', link: '/docs/message-gate' },
          { text: 'Push notifications', link: '/docs/push' },
          { text: 'Files', link: '/docs/files' },
          { text: 'Without a library', link: '/docs/following' },
          { text: 'From Socket.IO or Stream', link: '/docs/moving' },
          { text: 'Permissions', link: '/docs/permissions' },
          { text: 'Troubleshooting', link: '/docs/troubleshooting' },
          { text: 'SDK', link: '/client/README' },
          { text: 'Example: urql', link: '/examples/urql/README' },
          { text: 'Example: Apollo Client', link: '/examples/apollo/README' },
          { text: 'Changelog', link: '/CHANGELOG' },
        ],
      },
      {
        text: 'Run it',
        items: [
          { text: 'Operations', link: '/docs/operations' },
          { text: 'Deploying', link: '/docs/deploy' },
          { text: 'Scale', link: '/docs/scale' },
          { text: 'Faults', link: '/docs/faults' },
          { text: 'Benchmark', link: '/bench/README' },
          { text: 'Security', link: '/docs/security' },
          { text: 'Report a vulnerability', link: '/SECURITY' },
        ],
      },
      {
        text: 'GraphQL API',
        items: [
          { text: 'Queries', link: '/reference/api/queries' },
          { text: 'Mutations', link: '/reference/api/mutations' },
          { text: 'Subscriptions', link: '/reference/api/subscriptions' },
          { text: 'Objects', link: '/reference/api/objects' },
          { text: 'Interfaces and unions', link: '/reference/api/abstract-types' },
          { text: 'Inputs', link: '/reference/api/inputs' },
          { text: 'Enums', link: '/reference/api/enums' },
          { text: 'Scalars', link: '/reference/api/scalars' },
        ],
      },
      {
        text: 'SDK reference',
        items: [
          { text: '@causerie/client', link: '/reference/sdk/' },
          { text: '@causerie/client/body', link: '/reference/sdk/body' },
          { text: '@causerie/client/urql', link: '/reference/sdk/urql' },
          { text: '@causerie/client/apollo', link: '/reference/sdk/apollo' },
        ],
      },
      {
        text: 'Develop it',
        items: [
          { text: 'Contributing', link: '/CONTRIBUTING' },
          { text: 'Style guide', link: '/STYLE' },
          { text: 'Architecture', link: '/docs/architecture' },
        ],
      },
    ],
  },
});
