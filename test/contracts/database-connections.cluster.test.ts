import { chmodSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls, createSecureContext, TLSSocket } from 'node:tls';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { parseDatabaseUrl } from '../../src/database-url.ts';
import { createPool } from '../../src/db/database-pool.ts';
import { moveToPostgres } from '../../src/db/move-to-postgres.ts';
import { makeCertificates, type Certificates } from '../support/certificates.ts';
import { person } from '../support/person.ts';
import { startPgBouncer } from '../support/pgbouncer.ts';
import { createDatabase, startPostgres, type Postgres } from '../support/postgres.ts';
import { createRoom } from '../support/rooms.ts';
import { temporaryDirectory, unprivilegedUser } from '../support/server-process.ts';
import { describeWithPgBouncer, describeWithPostgres } from '../support/servers.ts';
import { startNode } from '../support/start-node.ts';
import { send } from '../support/send-and-follow.ts';

/** The first column of the first row, through a pool of its own. */
async function ask(url: string, query: string): Promise<unknown> {
  const pool = createPool(parseDatabaseUrl(url), { max: 1 });
  pool.on('error', () => {});
  try {
    const { rows } = await pool.query({ text: query, rowMode: 'array' });
    return rows[0]![0];
  } finally {
    await pool.end();
  }
}

/** A node on the database of a URL takes part in a conversation. */
async function talkOn(url: string): Promise<void> {
  await using node = await startNode({ settings: { DATABASE_URL: url } });
  await using ann = await person(node, 'ann');
  const { id } = await createRoom(ann, { name: 'Harbour' });
  expect((await send(ann, id, 'hello')).seq).toBe(1);
}

/**
 * A server between a client and PostgreSQL: it ends TLS with a certificate of its own, and reads
 * what passes. `passwords` counts the passwords in clear that it has seen.
 */
async function standBetween(port: number, { certificate, key }: Certificates) {
  const startTls = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
  const secureContext = createSecureContext({
    cert: readFileSync(certificate),
    key: readFileSync(key),
  });
  const seen = { passwords: 0 };
  const server = createServer((client) => {
    client.on('error', () => {});
    client.once('data', () => {
      client.write('S');
      const outer = new TLSSocket(client, { isServer: true, secureContext });
      const upstream = connect(port, '127.0.0.1', () => upstream.write(startTls));
      upstream.once('data', () => {
        const inner = connectTls({ socket: upstream, rejectUnauthorized: false });
        outer.on('data', (data) => {
          if (data.includes('secret')) seen.passwords++;
        });
        outer.pipe(inner).pipe(outer);
        for (const socket of [outer, inner]) socket.on('error', () => {});
      });
      upstream.on('error', () => {});
      outer.on('error', () => {});
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    get passwords() {
      return seen.passwords;
    },
    async [Symbol.asyncDispose]() {
      server.close();
    },
  };
}

describeWithPostgres('connections to PostgreSQL', () => {
  const user = unprivilegedUser();
  const sockets = temporaryDirectory(user);
  let certificates: Certificates;
  let server: Postgres;
  let database: string;
  beforeAll(async () => {
    certificates = makeCertificates('localhost', user);
    server = await startPostgres({
      settings: {
        unix_socket_directories: sockets,
        ssl: 'on',
        ssl_cert_file: certificates.certificate,
        ssl_key_file: certificates.key,
      },
    });
    database = new URL(await createDatabase(server.urlOf('postgres'))).pathname.slice(1);
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it('use a Unix socket', async () => {
    const parameters = `host=${sockets}&port=${server.port}`;
    await talkOn(`postgresql://postgres@/${database}?${parameters}`);
    const encoded = encodeURIComponent(sockets);
    expect(
      await ask(
        `postgresql://postgres@${encoded}:${server.port}/postgres?sslmode=require`,
        'select inet_server_addr() is null',
      ),
    ).toBe(true);
  });

  const isEncrypted = 'select ssl from pg_stat_ssl where pid = pg_backend_pid()';
  const connects = (port: number, host: string, parameters: string): Promise<unknown> =>
    ask(`postgresql://postgres@${host}:${port}/postgres?${parameters}`, isEncrypted).then(
      (encrypted) => (encrypted ? 'TLS' : 'plain'),
      () => 'refused',
    );

  it('use TLS as sslmode says', async () => {
    const outcomes = async (port: number) => {
      const authority = `sslrootcert=${certificates.authority}`;
      const stranger = `sslrootcert=${makeCertificates('other').authority}`;
      const cases: [host: string, parameters: string][] = [
        ['127.0.0.1', ''],
        ['127.0.0.1', 'sslmode=disable'],
        ['127.0.0.1', 'sslmode=allow'],
        ['127.0.0.1', 'sslmode=prefer'],
        ['127.0.0.1', 'sslmode=require'],
        ['127.0.0.1', `sslmode=require&${authority}`],
        ['127.0.0.1', `sslmode=require&${stranger}`],
        ['127.0.0.1', `sslmode=verify-ca&${authority}`],
        ['127.0.0.1', `sslmode=verify-ca&${stranger}`],
        ['127.0.0.1', `sslmode=verify-full&${authority}`],
        ['localhost', `sslmode=verify-full&${authority}`],
        ['localhost', 'sslmode=verify-full'],
      ];
      const found: unknown[] = [];
      for (const [host, parameters] of cases) found.push(await connects(port, host, parameters));
      return found.join(' ');
    };
    expect(await outcomes(server.port)).toBe(
      'plain plain plain TLS TLS TLS refused TLS refused refused TLS refused',
    );
    await using withoutTls = await startPostgres();
    expect(await outcomes(withoutTls.port)).toBe(`plain plain plain plain${' refused'.repeat(8)}`);
    const rules = join(temporaryDirectory(user), 'pg_hba.conf');
    await writeFile(rules, 'hostssl all all 127.0.0.1/32 trust\n');
    chmodSync(rules, 0o644);
    await using onlyTls = await startPostgres({
      settings: {
        ssl: 'on',
        ssl_cert_file: certificates.certificate,
        ssl_key_file: certificates.key,
        unix_socket_directories: temporaryDirectory(user),
        hba_file: rules,
      },
      urlParameters: '?sslmode=no-verify',
    });
    expect(await connects(onlyTls.port, '127.0.0.1', 'sslmode=disable')).toBe('refused');
    expect(await connects(onlyTls.port, '127.0.0.1', 'sslmode=allow')).toBe('TLS');
  });

  it('[P14] use the password of the URL', async () => {
    const rules = join(temporaryDirectory(user), 'pg_hba.conf');
    await writeFile(rules, 'host all postgres all trust\nhost all all all scram-sha-256\n');
    chmodSync(rules, 0o644);
    await using strict = await startPostgres({ settings: { hba_file: rules } });
    await strict.admin((client) => client.query(`create role kim login password 'p/q:r s'`));
    const url = (password: string) =>
      `postgresql://kim:${password}@127.0.0.1:${strict.port}/postgres`;
    expect(await ask(url('p%2Fq:r%20s'), 'select current_user')).toBe('kim');
    expect(await ask(`${url('')}?password=p/q:r%20s`, 'select current_user')).toBe('kim');
    await expect(ask(url('wrong'), 'select 1')).rejects.toThrow('password authentication failed');
  });

  it('use channel binding as channel_binding says, so that no server in between can use the password', async () => {
    const rules = join(temporaryDirectory(user), 'pg_hba.conf');
    const methods = { bound: 'scram-sha-256', clear: 'password', open: 'trust', postgres: 'trust' };
    const lines = Object.entries(methods).map(
      ([name, method]) => `host all ${name} 127.0.0.1/32 ${method}\n`,
    );
    await writeFile(rules, lines.join(''));
    chmodSync(rules, 0o644);
    await using strict = await startPostgres({
      settings: {
        ssl: 'on',
        ssl_cert_file: certificates.certificate,
        ssl_key_file: certificates.key,
        hba_file: rules,
      },
    });
    for (const name of Object.keys(methods).filter((one) => one !== 'postgres'))
      await strict.admin((client) => client.query(`create role ${name} login password 'secret'`));
    await using between = await standBetween(strict.port, makeCertificates('other'));
    const outcome = (name: string, port: number, parameters: string) =>
      ask(
        `postgresql://${name}:secret@127.0.0.1:${port}/postgres?${parameters}`,
        'select current_user',
      ).then(
        (answer) => answer === name,
        () => false,
      );
    const outcomes = async (name: string, port: number) => {
      const found: boolean[] = [];
      for (const binding of ['disable', 'prefer', 'require'])
        found.push(await outcome(name, port, `sslmode=require&channel_binding=${binding}`));
      return found;
    };
    expect(await outcomes('bound', strict.port)).toEqual([true, true, true]);
    expect(await outcomes('bound', between.port)).toEqual([true, false, false]);
    for (const name of ['clear', 'open'])
      for (const port of [strict.port, between.port])
        expect([name, ...(await outcomes(name, port))]).toEqual([name, true, true, false]);
    expect(between.passwords).toBe(2);
    expect(await outcome('bound', strict.port, 'channel_binding=prefer')).toBe(true);
  });

  it('say which file cannot be read', async () => {
    const url = `${server.urlOf(database)}?sslmode=verify-ca&sslrootcert=/none/ca.pem`;
    await expect(startNode({ settings: { DATABASE_URL: url } })).rejects.toThrow(
      'sslrootcert=/none/ca.pem, which cannot be read (ENOENT)',
    );
    await expect(moveToPostgres(temporaryDirectory(), url)).rejects.toThrow('/none/ca.pem');
  });

  it('of several hosts lead to the one that accepts writes, and follow a promoted standby', async () => {
    await using primary = await startPostgres();
    const name = new URL(await createDatabase(primary.urlOf('postgres'))).pathname.slice(1);
    await using standby = await startPostgres({
      from: { data: await primary.backup(), signal: 'standby' },
      settings: { primary_conninfo: `host=127.0.0.1 port=${primary.port} user=postgres` },
    });
    const url = `postgresql://postgres@127.0.0.1:${standby.port},127.0.0.1:${primary.port}/${name}`;
    const port = `select current_setting('port')::int`;
    expect(await ask(url, port)).toBe(primary.port);
    expect(await ask(`${url}?sslmode=prefer`, port)).toBe(primary.port);
    expect(await ask(`${url}?target_session_attrs=any`, port)).toBe(standby.port);
    await expect(
      ask(
        `postgresql://postgres@127.0.0.1:${standby.port}/${name}?target_session_attrs=read-write`,
        port,
      ),
    ).rejects.toThrow('the server accepts no writes');

    await using node = await startNode({ settings: { DATABASE_URL: url } });
    await using ann = await person(node, 'ann');
    const { id } = await createRoom(ann, { name: 'Harbour' });
    await send(ann, id, 'before');
    const sent = () => primary.admin((client) => client.query('select pg_current_wal_lsn() as at'));
    const { at } = (await sent()).rows[0];
    await expect
      .poll(
        () =>
          standby.admin(
            async (client) =>
              (await client.query('select pg_last_wal_replay_lsn() >= $1::pg_lsn as is', [at]))
                .rows[0].is,
          ),
        { timeout: 20_000 },
      )
      .toBe(true);
    await primary.kill();
    await standby.admin((client) => client.query('select pg_promote()'));
    await expect
      .poll(
        () =>
          send(ann, id, 'after').then(
            ({ seq }) => seq,
            (error) => error.code,
          ),
        { timeout: 20_000 },
      )
      .toBe(2);
  });
});

describeWithPgBouncer('connections through PgBouncer', () => {
  let server: Postgres;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  async function start(settings: Readonly<Record<string, string | number>>) {
    const pooler = await startPgBouncer(server, settings);
    onTestFinished(() => pooler[Symbol.asyncDispose]());
    const database = await createDatabase(server.urlOf('postgres'));
    return pooler.urlOf(new URL(database).pathname.slice(1));
  }

  it.each([
    ['refuses', {}],
    [
      'ignores',
      {
        ignore_startup_parameters:
          'statement_timeout,lock_timeout,idle_in_transaction_session_timeout',
      },
    ],
  ])(
    'that %s the time limits need these in the role, and the refusal says how',
    async (_, more) => {
      const DATABASE_URL = await start(more);
      const refusal = await startNode({ settings: { DATABASE_URL } }).then(
        () => expect.fail('it started'),
        (error: Error) => error.message,
      );
      const statements = [...refusal.matchAll(/^ *(ALTER ROLE .*;)$/gm)].map(([, one]) => one!);
      expect(statements).toHaveLength(3);
      await server.admin(async (client) => {
        for (const statement of statements) await client.query(statement);
      });
      onTestFinished(
        () => server.admin((client) => client.query('alter role postgres reset all')) as never,
      );
      await talkOn(await start(more));
    },
  );

  it.each(['session', 'transaction'])(
    'in %s mode serve two nodes that start at once, on fewer connections than the nodes have',
    async (pool_mode) => {
      await server.admin(async (client) => {
        await client.query('alter role postgres set statement_timeout = 15000');
        await client.query('alter role postgres set lock_timeout = 5000');
        await client.query('alter role postgres set idle_in_transaction_session_timeout = 15000');
      });
      onTestFinished(
        () => server.admin((client) => client.query('alter role postgres reset all')) as never,
      );
      const DATABASE_URL = await start({
        pool_mode,
        default_pool_size: pool_mode === 'session' ? 20 : 3,
      });
      const nodes = await Promise.all(
        [1, 2].map(() =>
          startNode({ settings: { DATABASE_URL, DATABASE_POOL: '8', RATE_LIMITS: 'off' } }),
        ),
      );
      onTestFinished(async () => {
        for (const node of nodes) await node[Symbol.asyncDispose]();
      });
      const people = await Promise.all(nodes.map((node, place) => person(node, `user-${place}`)));
      const { id } = await createRoom(people[0]!, { name: 'Harbour' });
      await people[1]!.query(
        'mutation ($id: ID!) { joinRoom(input: { roomId: $id }) { room { id } } }',
        { id },
      );
      const bodies = Array.from({ length: 60 }, (_, place) => `message ${place}`);
      const sent = await Promise.all(
        bodies.map((body, place) => send(people[place % 2]!, id, body)),
      );
      expect(sent.map(({ seq }) => seq).toSorted((a, b) => a - b)).toEqual(
        bodies.map((_, place) => place + 1),
      );
      const { searchMessages } = await people[0]!.query(
        '{ searchMessages(query: "message", first: 100) { edges { node { body } } } }',
      );
      expect(searchMessages.edges).toHaveLength(60);
    },
  );
});
