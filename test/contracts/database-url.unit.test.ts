import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { nameServers, parseDatabaseUrl } from '../../src/database-url.ts';

const JWT_SECRET = 'a secret that only the tests know, 32+ characters';

describe('DATABASE_URL', () => {
  it.each([
    ['postgresql://ann:secret@db.example:5433/chat', 'db.example:5433'],
    ['postgres://db.example/chat', 'db.example:5432'],
    ['postgresql:///chat', 'localhost:5432'],
    ['postgresql://ann@/chat?host=/var/run/postgresql', '/var/run/postgresql'],
    ['postgresql://ann@%2Fvar%2Frun%2Fpostgresql/chat', '/var/run/postgresql'],
    ['postgresql://ann@a:5432,b:5433/chat', 'a:5432, b:5433'],
    ['postgresql://ann@a,b/chat?port=6000', 'a:6000, b:6000'],
    ['postgresql:///chat?host=a,b&port=5432,5433', 'a:5432, b:5433'],
    ['postgresql://[2001:db8::1]:5433,[::1]/chat', '2001:db8::1:5433, ::1:5432'],
  ])('%s names its servers', (url, servers) => {
    expect(nameServers(parseDatabaseUrl(url))).toBe(servers);
    expect(parseDatabaseUrl(url).database).toBe('chat');
  });

  it('decodes names and passwords, and lets parameters replace them', () => {
    expect(parseDatabaseUrl('postgresql://a%40b:p%2Fq:r+s@h/d%20b')).toMatchObject({
      user: 'a@b',
      password: 'p/q:r+s',
      database: 'd b',
    });
    const given = 'postgresql://h/d?user=ann&password=a%26b+c&dbname=chat&connect_timeout=7';
    expect(parseDatabaseUrl(given)).toMatchObject({
      user: 'ann',
      password: 'a&b+c',
      database: 'chat',
      connectTimeoutMs: 7000,
    });
    expect(parseDatabaseUrl('postgresql://h/d?options=-c%20search_path=chat').options).toBe(
      '-c search_path=chat',
    );
  });

  it.each([
    ['postgresql://a/d', false],
    ['postgresql://a,b/d', true],
    ['postgresql://a,b/d?target_session_attrs=any', false],
    ['postgresql://a/d?target_session_attrs=read-write', true],
    ['postgresql://a/d?target_session_attrs=primary', true],
  ])('%s requires a writable server: %s', (url, isRequired) => {
    expect(parseDatabaseUrl(url).mustBeWritable).toBe(isRequired);
  });

  it.each([
    ['postgresql://a/d', 'disable'],
    ['postgresql://a/d?channel_binding=prefer', 'prefer'],
    ['postgresql://a/d?sslmode=require&channel_binding=require', 'require'],
    ['postgresql://a/d?sslmode=verify-full&channel_binding=require', 'require'],
  ])('%s uses channel binding: %s', (url, binding) => {
    expect(parseDatabaseUrl(url).channelBinding).toBe(binding);
  });

  it.each([
    ['localhost:5432/chat', 'is not a URL such as'],
    ['mysql://localhost/chat', 'is not a URL such as'],
    ['postgresql://u:very%secret@h/d', 'has a % that does not begin an encoded character'],
    ['postgresql://a,b/d?port=1,2,3', '2 hosts but 3 ports'],
    ['postgresql://a:none/d', 'has the port none'],
    ['postgresql://a:70000/d', 'has the port 70000'],
    ['postgresql://a/d?sslmode=maybe', 'has sslmode=maybe: use one of disable, allow, prefer'],
    ['postgresql://a/d?sslmode=verify-ca', 'add sslrootcert'],
    ['postgresql://a/d?channel_binding=maybe', 'use one of disable, prefer, require'],
    ['postgresql://a/d?sslmode=prefer&channel_binding=require', 'needs TLS: add sslmode=require'],
    ['postgresql://a/d?target_session_attrs=standby', 'use one of any, read-write, primary'],
    ['postgresql://a/d?connect_timeout=soon', 'use a number of seconds'],
    ['postgresql://u:secret@a/d?sslcrl=/x', 'has the parameter sslcrl, which has no effect here'],
  ])('%s is refused with what to do, without the password', (url, reason) => {
    const read = () => readConfig({ DATABASE_URL: url, JWT_SECRET });
    expect(read).toThrow('  DATABASE_URL ');
    expect(read).toThrow(reason);
    expect(read).not.toThrow('secret@');
  });
});
