import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { Fault } from '../../kernel/errors.ts';
import type { SyslogTls } from './syslog-stream.ts';

/** A file named for syslog over TLS cannot be used. */
export class SyslogFilesFault extends Fault<'syslog_file_unusable'> {}

export interface SyslogFiles {
  /** Paths of PEM files. */
  readonly ca: string | undefined;
  readonly client: { readonly certificate: string; readonly key: string } | undefined;
}

/** Reads and checks the files, so that a wrong one ends the start. Throws SyslogFilesFault. */
export async function readSyslogFiles({ ca, client }: SyslogFiles): Promise<SyslogTls> {
  const authority =
    ca === undefined ? undefined : await checked('audit.syslogCa', ca, (pem) => new X509Certificate(pem));
  if (client === undefined) return { ca: authority, client: undefined };
  const cert = await checked('audit.syslogCertificate', client.certificate, (pem) => new X509Certificate(pem));
  const key = await checked('audit.syslogKey', client.key, (pem) => {
    createPrivateKey(pem);
    createSecureContext({ cert, key: pem });
  });
  return { ca: authority, client: { cert, key } };
}

async function checked(field: string, path: string, check: (pem: string) => unknown): Promise<string> {
  try {
    const pem = await readFile(path, 'utf8');
    check(pem);
    return pem;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'is not there' : code === 'EACCES' ? 'cannot be read' : 'holds no PEM that fits';
    throw new SyslogFilesFault('caller', 'syslog_file_unusable', `${field}: ${path} ${why}`, {
      field,
      remedy:
        'Correct the path or the file: certificates and an unencrypted key as PEM, the key that of the certificate.',
      cause,
    });
  }
}
