import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from './server-process.ts';

export interface Certificates {
  /** Paths of PEM files. */
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/**
 * Creates an authority and a certificate that it signed for a host name, with openssl. The files
 * belong to `owner`.
 */
export function makeCertificates(
  hostName: string,
  owner?: { uid: number; gid: number },
): Certificates {
  const directory = temporaryDirectory(owner);
  const file = (name: string) => join(directory, name);
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { cwd: directory, stdio: 'pipe', ...owner });
  const request = ['req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl(
    ...request,
    '-x509',
    '-days',
    '2',
    '-subj',
    '/CN=authority',
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
  );
  openssl(...request, '-subj', `/CN=${hostName}`, '-keyout', 'server.key', '-out', 'server.csr');
  writeFileSync(file('names'), `subjectAltName=DNS:${hostName}`);
  const signing = ['x509', '-req', '-in', 'server.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key'];
  openssl(...signing, '-CAcreateserial', '-days', '2', '-extfile', 'names', '-out', 'server.pem');
  return { authority: file('ca.pem'), certificate: file('server.pem'), key: file('server.key') };
}
