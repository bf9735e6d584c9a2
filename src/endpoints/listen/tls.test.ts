import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type SecureContextOptions } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { makeAuthority } from '../../../test/support/certificates.ts';
import { phoneTls, tls12 } from './tls.ts';

const oldOnes = ['AES128-SHA', 'AES256-SHA', 'AES128-GCM-SHA256', 'ECDHE-RSA-AES128-SHA', 'ECDHE-ECDSA-AES128-SHA'];

/** The cipher a client gets that knows only this one, and TLS 1.2; undefined: none. */
async function offered(settings: SecureContextOptions, cipher: string): Promise<string | undefined> {
  const { keyPem, pem } = await makeAuthority({
    certSign: false,
    algorithm: cipher.includes('ECDSA') ? 'p256' : 'rsa2048',
  });
  const server = createServer({ ...settings, key: keyPem, cert: pem }, (socket) => socket.on('error', () => {}));
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = connect({
    port,
    host: '127.0.0.1',
    rejectUnauthorized: false,
    maxVersion: 'TLSv1.2',
    ciphers: cipher,
  });
  try {
    await once(socket, 'secureConnect');
    return socket.getCipher().name;
  } catch {
    return undefined;
  } finally {
    socket.destroy();
    server.close();
  }
}

describe('a listener that speaks TLS 1.2', () => {
  it.each(oldOnes)('refuses %s', async (cipher) => {
    expect(await offered(tls12, cipher)).toBeUndefined();
    expect(await offered(phoneTls(false), cipher)).toBeUndefined();
  });

  it.each(oldOnes)('takes %s where old phones are let in', async (cipher) => {
    expect(await offered(phoneTls(true), cipher)).toBe(cipher);
  });

  it.each([tls12, phoneTls(true)])(
    'gives everybody else an ephemeral key and authenticated encryption',
    async (each) => {
      expect(await offered(each, 'AES128-SHA:ECDHE-RSA-AES128-SHA:ECDHE-RSA-AES128-GCM-SHA256')).toBe(
        'ECDHE-RSA-AES128-GCM-SHA256',
      );
    },
  );
});
