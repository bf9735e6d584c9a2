import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeDirectory, writeWhole } from '../data-directory/files.ts';
import { backdated } from '../pki/backdating.ts';
import { derToPem } from '../pki/identity.ts';
import type { Issuer } from '../pki/issue.ts';

const year = 365.25 * 24 * 3600 * 1000;

/** A pretended public authority for the certificates of all E of a laboratory: made at first use, kept after that. Its DER goes to PhoneEdge-trust. */
export async function openLabEdgeAuthority(directory: string): Promise<Issuer & { readonly certFile: string }> {
  await makeDirectory(directory);
  const certFile = join(directory, 'edge-ca.pem');
  const keyFile = join(directory, 'edge-ca.key.pem');
  const [cert, key] = await Promise.all([certFile, keyFile].map((file) => readFile(file, 'utf8').catch(() => '')));
  if (cert !== '' && key !== '') {
    return { certFile, certificate: Buffer.from(new X509Certificate(cert!).raw), privateKey: createPrivateKey(key!) };
  }
  const { generateKey, issueCertificate } = await import('../pki/issue.ts');
  const pair = await generateKey('p-256');
  const certificate = await issueCertificate(
    {
      subject: [
        ['CN', 'Laboratory Edge CA'],
        ['O', 'Firstring Laboratory'],
      ],
      publicKey: pair.publicKey,
      notBefore: backdated(),
      notAfter: new Date(Date.now() + 20 * year),
      authority: { pathLength: 0 },
    },
    { self: pair },
  );
  await writeWhole(keyFile, pair.privateKey.export({ format: 'pem', type: 'pkcs8' }) as string);
  await writeWhole(certFile, derToPem(certificate));
  return { certFile, certificate, privateKey: pair.privateKey };
}
