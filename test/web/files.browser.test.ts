import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadWebFiles } from '../../src/server/web-files.ts';
import { startNode, type TestNode } from '../support/start-node.ts';

let node: TestNode;
beforeAll(async () => {
  node = await startNode();
});
afterAll(() => node[Symbol.asyncDispose]());

/**
 * Sends the path unchanged and returns the body compressed; `fetch` would normalise and decompress
 * them.
 */
function get(path: string, headers: Record<string, string> = {}, method = 'GET') {
  const { port } = new URL(node.url);
  return new Promise<{ status: number | undefined; headers: IncomingHttpHeaders; body: Buffer }>(
    (resolve, reject) => {
      const request = httpRequest(
        { host: '127.0.0.1', port, path, method, headers },
        async (response) => {
          const chunks: Buffer[] = [];
          for await (const chunk of response) chunks.push(chunk);
          resolve({
            status: response.statusCode,
            headers: response.headers,
            body: Buffer.concat(chunks),
          });
        },
      );
      request.on('error', reject).end();
    },
  );
}

describe('the files of the web client', () => {
  it('are served at /, with a policy that only runs their own scripts and never parses text as markup', async () => {
    const { status, headers, body } = await get('/');
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(body.toString()).not.toMatch(/<script(?![^>]*\ssrc=)/);
    expect(body.toString()).not.toMatch(/\sstyle=|\son\w+=/);
  });

  it('are cached for a year if their name changes with their content, and validated otherwise', async () => {
    const page = (await get('/')).body.toString();
    const [, asset] = /src="(\/assets\/[^"]+\.js)"/.exec(page)!;
    expect((await get('/')).headers['cache-control']).toBe('no-cache');
    expect((await get(asset!)).headers['cache-control']).toBe(
      'public, max-age=31536000, immutable',
    );
    expect((await get('/favicon.svg')).headers['cache-control']).toBe('no-cache');
    const { etag } = (await get('/')).headers;
    expect(await get('/', { 'if-none-match': String(etag) })).toMatchObject({
      status: 304,
      body: Buffer.alloc(0),
    });
  });

  it('are compressed in a form that the browser accepts', async () => {
    const [, asset] = /src="(\/assets\/[^"]+\.js)"/.exec((await get('/')).body.toString())!;
    expect(
      (await get(asset!, { 'accept-encoding': 'gzip, deflate, br' })).headers['content-encoding'],
    ).toBe('br');
    expect((await get(asset!, { 'accept-encoding': 'gzip' })).headers['content-encoding']).toBe(
      'gzip',
    );
    expect((await get(asset!)).headers['content-encoding']).toBeUndefined();
  });

  it('accept reads only', async () => {
    expect(await get('/', {}, 'HEAD')).toMatchObject({ status: 200, body: Buffer.alloc(0) });
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'])
      expect((await get('/', {}, method)).status).toBe(405);
  });

  it.each([
    '/../package.json',
    '/assets/../../package.json',
    '/assets/..%2f..%2fpackage.json',
    '/%2e%2e/package.json',
    '//etc/passwd',
    '/index.html/',
    '/assets/',
    '/assets',
    '/__proto__',
    '/constructor',
  ])('do not include %s', async (path) => {
    expect((await get(path)).status).toBe(404);
  });

  it('have less than 120 KB of compressed JavaScript', async () => {
    const scripts = [...(await loadWebFiles())].filter(([path]) => path.endsWith('.js'));
    expect(scripts.length).toBeGreaterThan(0);
    expect(scripts.reduce((sum, [, { plain }]) => sum + gzipSync(plain).length, 0)).toBeLessThan(
      120 * 1024,
    );
  });
});
