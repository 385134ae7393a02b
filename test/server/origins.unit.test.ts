import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { createOriginRefusals, isAllowedOrigin } from '../../src/server/origins.ts';

describe('isAllowedOrigin', () => {
  it.each([
    [undefined, 'chat.example', [], true],
    ['https://chat.example', 'chat.example', [], true],
    ['https://chat.example', 'chat.example:443', [], true],
    ['http://localhost:4000', 'localhost:4000', [], true],
    ['http://LOCALHOST:4000', 'localhost:4000', [], true],
    ['http://localhost:5173', 'localhost:4000', [], false],
    ['https://chat.example.evil.example', 'chat.example', [], false],
    ['https://evil.example', 'chat.example', ['https://app.example'], false],
    ['https://app.example', 'chat.example', ['https://app.example'], true],
    ['https://app.example', 'chat.example', ['https://app.example/'], true],
    ['http://app.example', 'chat.example', ['https://app.example'], false],
    ['https://app.example:8443', 'chat.example', ['https://app.example'], false],
    ['https://evil.example', 'chat.example', ['*'], true],
    ['null', 'chat.example', [], false],
    ['null', undefined, ['null'], false],
    ['nonsense', 'chat.example', [], false],
    ['https://chat.example', undefined, [], false],
    ['https://undefined', undefined, [], false],
    ['capacitor://localhost', 'chat.example', ['capacitor://localhost'], true],
    ['capacitor://localhost', 'chat.example', ['capacitor://localhost/'], true],
    ['ionic://localhost', 'chat.example', ['capacitor://localhost'], false],
    ['capacitor://evil', 'chat.example', ['capacitor://localhost'], false],
    ['capacitor://localhost:1', 'chat.example', ['capacitor://localhost'], false],
    ['capacitor://localhost', 'localhost', [], false],
    ['tauri://localhost', 'chat.example', ['https://app.example', 'capacitor://localhost'], false],
    ['file://', 'chat.example', ['file://'], false],
    ['http://localhost:5173', 'localhost:4000', ['loopback'], true],
    ['http://127.0.0.1:5173', 'localhost:4000', ['loopback'], true],
    ['https://127.1.2.3', 'localhost:4000', ['loopback'], true],
    ['http://[::1]:5173', 'localhost:4000', ['loopback'], true],
    ['http://localhost.evil.example', 'localhost:4000', ['loopback'], false],
    ['http://127.0.0.1.evil.example', 'localhost:4000', ['loopback'], false],
    ['http://evil.example', 'localhost:4000', ['loopback'], false],
    ['capacitor://localhost', 'localhost:4000', ['loopback'], false],
    ['http://192.168.1.2:5173', 'localhost:4000', ['loopback'], false],
    ['null', 'localhost:4000', ['loopback'], false],
    ['data:text/html,x', 'chat.example', ['data:text/html,y'], false],
  ])(
    '[P8] the origin %j at the host %j with %j allowed: %j',
    (origin, host, allowed, isAllowed) => {
      expect(isAllowedOrigin(origin, host, allowed)).toBe(isAllowed);
    },
  );
});

describe('ALLOWED_ORIGINS', () => {
  it('is loopback by default with the embedded database, and empty with another', () => {
    expect(readConfig({}).ALLOWED_ORIGINS).toEqual(['loopback']);
    const shared = { DATABASE_URL: 'postgres://127.0.0.1/causerie', JWT_SECRET: 'x'.repeat(32) };
    expect(readConfig(shared).ALLOWED_ORIGINS).toEqual([]);
    const origin = 'https://app.example';
    expect(readConfig({ ALLOWED_ORIGINS: origin }).ALLOWED_ORIGINS).toEqual([origin]);
  });
});

describe('the refusal of an origin', () => {
  /** The lines that a log gets. */
  function loggedBy(act: (log: pino.Logger) => void): { origin: string; msg: string }[] {
    const lines: string[] = [];
    act(pino({}, { write: (line) => void lines.push(line) }));
    return lines.map((line) => JSON.parse(line));
  }

  it('names the setting, and logs each origin once', () => {
    const lines = loggedBy((log) => {
      const explain = createOriginRefusals(log);
      for (const origin of ['https://a.example', 'https://b.example', 'https://a.example'])
        expect(explain(origin)).toContain('ALLOWED_ORIGINS');
    });
    expect(lines.map(({ origin }) => origin)).toEqual(['https://a.example', 'https://b.example']);
    expect(lines[0]!.msg).toContain('ALLOWED_ORIGINS');
  });

  it('[P13] logs a bounded number of origins, each cut', () => {
    const lines = loggedBy((log) => {
      const explain = createOriginRefusals(log);
      for (let count = 0; count < 500; count++) explain(`https://${count}.${'x'.repeat(1000)}`);
    });
    expect(lines).toHaveLength(100);
    expect(Math.max(...lines.map(({ origin }) => origin.length))).toBe(256);
  });
});
