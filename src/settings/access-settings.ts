import { list } from './setting-types.ts';

/** The settings of origins, proxies and documents: see `settings`. */
export const accessSettings = {
  ALLOWED_ORIGINS: list
    .optional()
    .describe(
      'The origins whose pages may use this server, besides its own: a comma-separated list such as `https://app.example`. `loopback` allows all pages that this machine serves, such as `http://localhost:5173`; it is the default with the embedded database. `*` allows every origin; the server then ignores cookies.',
    ),
  TRUSTED_DOCUMENTS: list
    .default([])
    .describe(
      'The files with the only GraphQL documents that clients may run: a comma-separated list of paths to JSON files, as GraphQL Code Generator, Relay, gql.tada or Apollo write them. `client` stands for the documents of the SDK and the web client. Empty: all documents run. GraphiQL is off if the list is not empty.',
    ),
  TRUSTED_PROXIES: list
    .default([])
    .describe(
      'The proxies in front of the server: a comma-separated list of addresses, ranges such as `10.0.0.0/8`, or `loopback`, `linklocal`, `uniquelocal`. The server takes the address of a client from their `X-Forwarded-For` header. Limits for each address, such as for sign-in attempts, depend on it.',
    ),
} as const;
