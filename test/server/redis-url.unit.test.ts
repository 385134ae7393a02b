import { describe, expect, it } from 'vitest';
import { nameRedisServers, parseRedisUrl } from '../../src/redis-url.ts';

describe('REDIS_URL', () => {
  it('names one server, with credentials and a database', () => {
    expect(parseRedisUrl('redis://chat:p%40ss%2Fw%3Ard@cache.example/2')).toMatchObject({
      topology: { kind: 'single' },
      servers: [{ host: 'cache.example', port: 6379 }],
      user: 'chat',
      password: 'p@ss/w:rd',
      database: 2,
      isEncrypted: false,
    });
    expect(parseRedisUrl('rediss://:secret@[::1]:7000?family=6')).toMatchObject({
      servers: [{ host: '::1', port: 7000 }],
      user: undefined,
      password: 'secret',
      isEncrypted: true,
      family: 6,
    });
  });

  it('names Sentinels, with their own credentials', () => {
    const url = parseRedisUrl(
      'redis://:secret@a,b:26380/1?sentinel=main&sentinel_user=watch&sentinel_password=a%2Bb',
    );
    expect(url).toMatchObject({
      topology: { kind: 'sentinel', master: 'main', user: 'watch', password: 'a+b' },
      servers: [
        { host: 'a', port: 26_379 },
        { host: 'b', port: 26_380 },
      ],
      password: 'secret',
      database: 1,
    });
    expect(nameRedisServers(url)).toBe('the master main of Sentinels at a:26379, b:26380');
  });

  it('names the members of a cluster', () => {
    const url = parseRedisUrl('rediss://a:7000,b?cluster=true&sslrootcert=/etc/ca.pem');
    expect(url).toMatchObject({
      topology: { kind: 'cluster' },
      servers: [
        { host: 'a', port: 7000 },
        { host: 'b', port: 6379 },
      ],
      rootCertificate: '/etc/ca.pem',
    });
    expect(nameRedisServers(url)).toBe('the cluster at a:7000, b:6379');
  });

  it.each([
    ['http://secret@host', 'is not a URL such as redis://host:6379'],
    ['redis://a,b', 'has several servers: add ?sentinel='],
    ['redis://a?cluster=true&sentinel=main', 'keep the one that you run'],
    ['redis://a?cluster=yes', 'use true or false'],
    ['redis://a/1?cluster=true', 'has only database 0'],
    ['redis://a/first', 'use a number'],
    ['redis://a:0', 'use a number from 1 to 65535'],
    ['redis://a:port', 'use a number from 1 to 65535'],
    ['redis://a?sentinel_password=secret', 'without sentinel=NAME-OF-THE-MASTER'],
    ['redis://a?sslrootcert=/ca.pem', 'begin it with rediss://'],
    ['redis://a?family=5', 'use 4, 6, or 0'],
    ['redis://a?tls=true', 'has the parameter tls, which has no effect here'],
    ['redis://:secret%@a', 'write it as %25'],
  ])('is refused if it is %s', (text, fault) => {
    expect(() => parseRedisUrl(text)).toThrow(fault);
    expect(() => parseRedisUrl(text)).not.toThrow('secret');
  });
});
