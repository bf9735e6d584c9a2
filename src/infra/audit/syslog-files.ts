import type { Configuration } from '../config/configuration.ts';
import { readCertificates, readTlsPair } from '../config/tls-pair.ts';
import type { SyslogTls } from './syslog-stream.ts';

/** Reads and checks the files of syslog over TLS, so that a wrong one ends the start. Throws ConfigurationFault. */
export async function readSyslogFiles({ ca, client }: Configuration['audit']['syslogTls']): Promise<SyslogTls> {
  return {
    ca: ca === undefined ? undefined : await readCertificates('audit.syslogCa', ca),
    client: client === undefined ? undefined : await readTlsPair(client, 'audit.syslog'),
  };
}
