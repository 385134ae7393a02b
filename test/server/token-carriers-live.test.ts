import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csrfHeader } from '../../src/server/token-carriers.ts';
import { ask, openSocket, type BareSocketOptions } from '../support/bare-clients.ts';
import { person, type Person } from '../support/person.ts';
import { startNode, type TestNode } from '../support/start-node.ts';

const listed = 'https://app.example';
const evil = 'https://evil.example';
const who = '{ viewer { username } }';

let node: TestNode;
let open: TestNode;
let ann: Person;
let bob: Person;
let annWhereAllMay: Person;
beforeAll(async () => {
  [node, open] = await Promise.all([
    startNode({ settings: { ALLOWED_ORIGINS: listed } }),
    startNode({ settings: { ALLOWED_ORIGINS: `*,${listed}` } }),
  ]);
  [ann, bob, annWhereAllMay] = await Promise.all([
    person(node, 'ann'),
    person(node, 'bob'),
    person(open, 'ann'),
  ]);
});
afterAll(() => Promise.all([node, open].map((each) => each[Symbol.asyncDispose]())));

const ownOrigin = () => new URL(node.url).origin;
const cookieOf = ({ token }: Person) => `theme=dark; access_token=${token}; x=y`;

/** The username that the server recognises on a socket; null if there is none. */
async function whoOverSocket(options: BareSocketOptions, at = node): Promise<string | null> {
  await using socket = await openSocket(at.wsUrl, options);
  await socket.acknowledged;
  return (await socket.ask(who)).data.viewer?.username ?? null;
}

/** The username that the server recognises in a request; null if there is none. */
async function whoOverHttp(
  headers: Record<string, string>,
  search = '',
  at = node,
): Promise<string | null> {
  const { data } = await ask(at.url + search, who, {}, headers);
  return data.viewer?.username ?? null;
}

describe('a socket', () => {
  it('[P8] carries its token in connectionParams.authorization', async () => {
    expect(await whoOverSocket({ params: { authorization: `Bearer ${ann.token}` } })).toBe('ann');
    expect(await whoOverSocket({ params: { Authorization: `bearer ${ann.token}` } })).toBe('ann');
  });

  it('[P8] carries its token in connectionParams.token', async () => {
    expect(await whoOverSocket({ params: { token: ann.token } })).toBe('ann');
  });

  it('[P8] carries its token in the Authorization header', async () => {
    expect(await whoOverSocket({ headers: { authorization: `Bearer ${ann.token}` } })).toBe('ann');
  });

  it('[P8] carries its token in the access_token cookie, from an allowed origin or from no browser', async () => {
    expect(await whoOverSocket({ headers: { cookie: cookieOf(ann) } })).toBe('ann');
    expect(await whoOverSocket({ headers: { cookie: cookieOf(ann), origin: ownOrigin() } })).toBe(
      'ann',
    );
    expect(await whoOverSocket({ headers: { cookie: cookieOf(ann), origin: listed } })).toBe('ann');
  });

  it('[P8] carries its token in ?access_token= and ?token=', async () => {
    expect(await whoOverSocket({ search: `?access_token=${ann.token}` })).toBe('ann');
    expect(await whoOverSocket({ search: `?x=1&token=${ann.token}` })).toBe('ann');
  });

  it('[P8] carries its token in Sec-WebSocket-Protocol', async () => {
    expect(await whoOverSocket({ protocols: ['graphql-transport-ws', `token.${ann.token}`] })).toBe(
      'ann',
    );
    expect(await whoOverSocket({ protocols: [`token.${ann.token}`, 'graphql-transport-ws'] })).toBe(
      'ann',
    );
  });

  it('[P8] without a token is accepted for public data, and accepts the token of an operation', async () => {
    await using socket = await openSocket(node.wsUrl, { params: {} });
    await socket.acknowledged;
    expect((await socket.ask(who)).data).toEqual({ viewer: null });
    expect(await socket.ask('{ users { edges { node { id } } } }')).toMatchObject({
      code: 'UNAUTHENTICATED',
    });
    expect(
      (await socket.ask(who, {}, { headers: { authorization: `Bearer ${ann.token}` } })).data
        .viewer,
    ).toEqual({ username: 'ann' });
    expect(
      (await socket.ask(who, {}, { headers: { Authorization: `Bearer ${bob.token}` } })).data
        .viewer,
    ).toEqual({ username: 'bob' });
    expect((await socket.ask(who)).data).toEqual({ viewer: null });
    expect(
      await socket.ask(who, {}, { headers: { authorization: 'Bearer nonsense' } }),
    ).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(socket.isOpen).toBe(true);
  });

  it('[P8] with a token keeps its user if an operation has another token', async () => {
    await using socket = await openSocket(node.wsUrl, { params: { token: ann.token } });
    await socket.acknowledged;
    expect(
      (await socket.ask(who, {}, { headers: { authorization: `Bearer ${bob.token}` } })).data
        .viewer,
    ).toEqual({ username: 'ann' });
  });

  it('[P8] has the user of the most preferred carrier', async () => {
    const others = {
      headers: { authorization: `Bearer ${bob.token}`, cookie: cookieOf(bob) },
      search: `?token=${bob.token}`,
      protocols: ['graphql-transport-ws', `token.${bob.token}`],
    };
    expect(
      await whoOverSocket({
        ...others,
        params: { authorization: `Bearer ${ann.token}`, token: bob.token },
      }),
    ).toBe('ann');
    expect(await whoOverSocket({ ...others, params: { token: ann.token } })).toBe('ann');
    expect(
      await whoOverSocket({
        ...others,
        headers: { ...others.headers, authorization: `Bearer ${ann.token}` },
      }),
    ).toBe('ann');
    expect(await whoOverSocket({ ...others, headers: { cookie: cookieOf(ann) } })).toBe('ann');
    expect(
      await whoOverSocket({ search: `?token=${ann.token}`, protocols: others.protocols }),
    ).toBe('ann');
  });

  it('[P8] with an invalid token is refused, in every carrier', async () => {
    const ways: BareSocketOptions[] = [
      { params: { authorization: 'Bearer nonsense' } },
      { params: { token: 'nonsense' } },
      { headers: { authorization: 'Bearer nonsense' } },
      { headers: { cookie: 'access_token=nonsense' } },
      { search: '?token=nonsense' },
      { protocols: ['graphql-transport-ws', 'token.nonsense'] },
      { params: { token: 'nonsense' }, headers: { authorization: `Bearer ${ann.token}` } },
    ];
    for (const way of ways) {
      await using socket = await openSocket(node.wsUrl, way);
      expect(await socket.closed, JSON.stringify(way)).toMatchObject({ code: 4401 });
    }
  });

  it('[P8] of a page that is not allowed is refused at the upgrade, with any token', async () => {
    for (const origin of [evil, 'null', `${ownOrigin()}.evil.example`, 'http://app.example'])
      await expect(
        openSocket(node.wsUrl, {
          headers: { origin, cookie: cookieOf(ann) },
          params: { token: ann.token },
        }),
        origin,
      ).rejects.toThrow('refused with 403');
  });

  it('[P8] of any page is accepted if ALLOWED_ORIGINS is *, but its cookie does not count', async () => {
    expect(
      await whoOverSocket(
        { headers: { origin: evil }, params: { token: annWhereAllMay.token } },
        open,
      ),
    ).toBe('ann');
    for (const origin of [evil, listed, new URL(open.url).origin])
      expect(
        await whoOverSocket({ headers: { origin, cookie: cookieOf(annWhereAllMay) } }, open),
        origin,
      ).toBeNull();
  });
});

describe('the preflight request of a page', () => {
  const preflight = (origin: string) =>
    fetch(node.url, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    });

  it('is answered for a listed origin, and refused for another with the name of the setting', async () => {
    const allowed = await preflight(listed);
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-origin')).toBe(listed);
    const refused = await preflight(evil);
    expect(refused.status).toBe(403);
    expect(refused.headers.get('access-control-allow-origin')).toBeNull();
    expect(await refused.text()).toContain('ALLOWED_ORIGINS');
  });
});

describe('a request over HTTP', () => {
  it('[P8] carries its token in the Authorization header', async () => {
    expect(await whoOverHttp({ authorization: `Bearer ${ann.token}` })).toBe('ann');
    expect(await whoOverHttp({ authorization: `bearer ${ann.token}` })).toBe('ann');
  });

  it('[P8] carries its token in the access_token cookie, with the CSRF header and from an allowed origin', async () => {
    expect(await whoOverHttp({ cookie: cookieOf(ann), [csrfHeader]: '1' })).toBe('ann');
    expect(await whoOverHttp({ cookie: cookieOf(ann), [csrfHeader]: '1', origin: listed })).toBe(
      'ann',
    );
    expect(await whoOverHttp({ cookie: cookieOf(ann) })).toBeNull();
    expect(
      await whoOverHttp({ cookie: cookieOf(ann), [csrfHeader]: '1', origin: evil }),
    ).toBeNull();
    expect(
      await whoOverHttp({ cookie: cookieOf(annWhereAllMay), [csrfHeader]: '1' }, '', open),
    ).toBeNull();
  });

  it('[P8] changes nothing with a cookie that the browser sends for another site', async () => {
    const form = await fetch(node.url, {
      method: 'POST',
      headers: {
        cookie: cookieOf(ann),
        origin: evil,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams({
        query: 'mutation { updateProfile(input: { displayName: "Hacked" }) { user { id } } }',
      }).toString(),
    });
    expect(await form.text()).not.toContain(ann.id);
    const link = await fetch(`${node.url}?query=${encodeURIComponent(who)}`, {
      headers: { cookie: cookieOf(ann), accept: 'application/json' },
    });
    expect(await link.text()).not.toContain('ann');
    expect((await ann.query('{ viewer { displayName } }')).viewer.displayName).toBe('ann');
  });

  it('[P8] carries its token in ?access_token= and ?token=', async () => {
    expect(await whoOverHttp({}, `?access_token=${ann.token}`)).toBe('ann');
    expect(await whoOverHttp({}, `?token=${ann.token}`)).toBe('ann');
  });

  it('[P8] has the user of the most preferred carrier', async () => {
    expect(
      await whoOverHttp(
        { authorization: `Bearer ${ann.token}`, cookie: cookieOf(bob), [csrfHeader]: '1' },
        `?token=${bob.token}`,
      ),
    ).toBe('ann');
    expect(
      await whoOverHttp({ cookie: cookieOf(ann), [csrfHeader]: '1' }, `?token=${bob.token}`),
    ).toBe('ann');
  });

  it('[P8] has no viewer without a token, and is refused with an invalid one', async () => {
    expect(await whoOverHttp({})).toBeNull();
    expect(await whoOverHttp({ authorization: 'Bearer ' })).toBeNull();
    for (const [headers, search] of [
      [{ authorization: 'Bearer nonsense' }, ''],
      [{ cookie: 'access_token=nonsense', [csrfHeader]: '1' }, ''],
      [{}, '?token=nonsense'],
    ] as const)
      expect(await ask(node.url + search, who, {}, { ...headers })).toMatchObject({
        code: 'UNAUTHENTICATED',
      });
  });
});
