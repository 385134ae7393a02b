import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  findProgram,
  freePort,
  startProcess,
  temporaryDirectory,
  type ServerProcess,
} from './server-process.ts';

/** nginx with the committed configuration, but for its ports and the nodes' names. */
export async function startProxy(
  nodes: readonly { readonly url: string }[],
): Promise<{ url: string; server: ServerProcess; log(): Promise<string> }> {
  const [directory, port] = [temporaryDirectory(), await freePort()];
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${join(directory, name)};`,
  );
  let configuration = (await readFile('docker/nginx.conf', 'utf8'))
    .replace('listen 80;', `listen 127.0.0.1:${port};`)
    .replaceAll('/var/log/nginx/', `${join(directory, 'logs')}/`)
    .replace('http {', `http {\n${temporary.join('\n')}`);
  for (const [place, node] of nodes.entries())
    configuration = configuration.replace(`node-${place + 1}:4000`, new URL(node.url).host);
  await mkdir(join(directory, 'logs'));
  await writeFile(join(directory, 'nginx.conf'), configuration);
  const args = [
    '-p',
    directory,
    '-c',
    join(directory, 'nginx.conf'),
    '-g',
    `daemon off; pid ${join(directory, 'pid')}; error_log ${join(directory, 'error.log')};`,
  ];
  const url = `http://127.0.0.1:${port}/graphql`;
  const server = await startProcess(join(findProgram('nginx', ['/usr/sbin'])!, 'nginx'), args, {
    directory,
    isReady: () => fetch(url),
  });
  const log = async () => {
    const names = await readdir(join(directory, 'logs'));
    const texts = names.map((name) => readFile(join(directory, 'logs', name), 'utf8'));
    return (await Promise.all(texts)).join('');
  };
  return { url, server, log };
}
