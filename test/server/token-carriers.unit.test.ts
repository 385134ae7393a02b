import { describe, expect, it } from 'vitest';
import {
  csrfHeader,
  tokenOfOperation,
  tokenOfRequest,
  tokenOfSocket,
  type Carriers,
} from '../../src/server/token-carriers.ts';

const carriers = (
  headers: Carriers['headers'],
  url = '/graphql',
  allowedOrigins: string[] = [],
): Carriers => ({ headers: { host: 'chat.example', ...headers }, url, allowedOrigins });

describe('tokenOfSocket', () => {
  it('[P8] prefers the carriers in the order of the promise', () => {
    const params = { authorization: 'Bearer from-params', token: 'from-token' };
    const all = {
      authorization: 'Bearer from-header',
      cookie: 'access_token=from-cookie',
      'sec-websocket-protocol': 'graphql-transport-ws, token.from-protocol',
    };
    const query = '/graphql?access_token=from-query';
    expect(tokenOfSocket(carriers(all, query), params)).toBe('from-params');
    expect(tokenOfSocket(carriers(all, query), { token: 'from-token' })).toBe('from-token');
    expect(tokenOfSocket(carriers(all, query), {})).toBe('from-header');
    expect(tokenOfSocket(carriers({ ...all, authorization: undefined }, query), {})).toBe(
      'from-cookie',
    );
    expect(
      tokenOfSocket(
        carriers({ 'sec-websocket-protocol': all['sec-websocket-protocol'] }, query),
        {},
      ),
    ).toBe('from-query');
    expect(
      tokenOfSocket(carriers({ 'sec-websocket-protocol': all['sec-websocket-protocol'] }), {}),
    ).toBe('from-protocol');
    expect(
      tokenOfSocket(carriers({ 'sec-websocket-protocol': 'graphql-transport-ws' }), {}),
    ).toBeUndefined();
  });

  it('[P8] accepts "Bearer" in any case, a bare token, and the parameter in any case', () => {
    for (const authorization of ['Bearer a.b.c', 'bearer a.b.c', 'BEARER  a.b.c ', 'a.b.c']) {
      expect(tokenOfSocket(carriers({}), { authorization })).toBe('a.b.c');
      expect(tokenOfSocket(carriers({}), { Authorization: authorization })).toBe('a.b.c');
      expect(tokenOfSocket(carriers({ authorization }), undefined)).toBe('a.b.c');
    }
  });

  it('[P8] ignores values that are empty, or of another scheme or type', () => {
    for (const authorization of [
      '',
      ' ',
      'Bearer',
      'Bearer ',
      'Basic YTpi',
      'a b c',
      7,
      null,
      {},
      ['a'],
    ])
      expect(tokenOfSocket(carriers({}), { authorization })).toBeUndefined();
    for (const params of [undefined, null, 'text', 7, [], { token: '' }, { token: null }])
      expect(
        tokenOfSocket(carriers({ cookie: 'access_token=' }, '/graphql?token='), params),
      ).toBeUndefined();
  });

  it('[P8] finds `token` as well as `access_token` in the query', () => {
    expect(tokenOfSocket(carriers({}, '/graphql?a=1&token=a.b.c'), undefined)).toBe('a.b.c');
    expect(tokenOfSocket(carriers({}, '/graphql?token=second&access_token=first'), undefined)).toBe(
      'first',
    );
  });

  it('[P8] finds the cookie among others by its exact name', () => {
    expect(tokenOfSocket(carriers({ cookie: 'x=1; access_token=a.b.c; y=2' }), undefined)).toBe(
      'a.b.c',
    );
    expect(
      tokenOfSocket(carriers({ cookie: 'not_access_token=a.b.c; access_tokens=d' }), undefined),
    ).toBeUndefined();
  });

  it('[P8] accepts a cookie only from an allowed origin', () => {
    const cookie = 'access_token=a.b.c';
    expect(tokenOfSocket(carriers({ cookie, origin: 'https://chat.example' }), undefined)).toBe(
      'a.b.c',
    );
    expect(
      tokenOfSocket(
        carriers({ cookie, origin: 'https://app.example' }, '/graphql', ['https://app.example']),
        undefined,
      ),
    ).toBe('a.b.c');
    expect(
      tokenOfSocket(carriers({ cookie, origin: 'https://evil.example' }), undefined),
    ).toBeUndefined();
    expect(tokenOfSocket(carriers({ cookie, origin: 'null' }), undefined)).toBeUndefined();
  });

  it('[P8] accepts no cookie if every origin is allowed, not even from a listed one', () => {
    const cookie = 'access_token=a.b.c';
    for (const origin of [
      undefined,
      'https://chat.example',
      'https://app.example',
      'https://evil.example',
    ])
      expect(
        tokenOfSocket(
          carriers({ cookie, origin }, '/graphql', ['*', 'https://app.example']),
          undefined,
        ),
      ).toBeUndefined();
  });
});

describe('tokenOfRequest', () => {
  it('[P8] prefers the header, then the cookie with the CSRF header, then the query', () => {
    const cookie = 'access_token=from-cookie';
    const query = '/graphql?token=from-query';
    expect(
      tokenOfRequest(
        carriers({ authorization: 'Bearer from-header', cookie, [csrfHeader]: '1' }, query),
      ),
    ).toBe('from-header');
    expect(tokenOfRequest(carriers({ cookie, [csrfHeader]: '' }, query))).toBe('from-cookie');
    expect(tokenOfRequest(carriers({ cookie }, query))).toBe('from-query');
    expect(tokenOfRequest(carriers({ cookie }))).toBeUndefined();
  });

  it('[P8] accepts no cookie of a page that is not allowed, with any header', () => {
    expect(
      tokenOfRequest(
        carriers({
          cookie: 'access_token=a.b.c',
          [csrfHeader]: '1',
          origin: 'https://evil.example',
        }),
      ),
    ).toBeUndefined();
  });
});

describe('tokenOfOperation', () => {
  it('[P8] finds the token that GraphiQL sends in the extensions of an operation, and ignores anything else', () => {
    expect(tokenOfOperation({ headers: { authorization: 'Bearer a.b.c' } })).toBe('a.b.c');
    expect(tokenOfOperation({ headers: { Authorization: 'Bearer a.b.c' } })).toBe('a.b.c');
    for (const extensions of [
      undefined,
      null,
      1,
      'x',
      {},
      { headers: null },
      { headers: 'authorization' },
      { headers: { authorization: 1 } },
    ])
      expect(tokenOfOperation(extensions)).toBeUndefined();
  });
});
