import { derToPem } from '../../../src/infra/pki/identity.ts';
import { generateKey, issueCertificate } from '../../../src/infra/pki/issue.ts';

const day = 86_400_000;

/** A mail server's certificate under a CA of its own; all PEM. */
export async function serverCertificate(name: string): Promise<{ ca: string; cert: string; key: string }> {
  const [ca, key] = await Promise.all([generateKey('p-256'), generateKey('p-256')]);
  const dates = { notBefore: new Date(Date.now() - day), notAfter: new Date(Date.now() + day) };
  const authority = await issueCertificate(
    { subject: [['CN', 'mail authority']], publicKey: ca.publicKey, ...dates, authority: { pathLength: 0 } },
    { self: ca },
  );
  const cert = await issueCertificate(
    { subject: [['CN', name]], publicKey: key.publicKey, ...dates, usages: ['server'], alternativeNames: [name] },
    { certificate: authority, privateKey: ca.privateKey },
  );
  return {
    ca: derToPem(authority),
    cert: derToPem(cert),
    key: key.privateKey.export({ format: 'pem', type: 'pkcs8' }) as string,
  };
}
