import { createHash, X509Certificate } from 'node:crypto';
import type { CertificateReader } from '../../domain/settings/trust-store.ts';
import { readCertificate } from '../../domain/trust/certificate.ts';

/** PEM text with exactly one certificate, or base64 of DER. Strict as the handshake is: what it could not use later is refused now. */
export const readCertificateText: CertificateReader = (text) => {
  const pem = [...text.matchAll(/-----BEGIN CERTIFICATE-----([\s\S]*?)-----END CERTIFICATE-----/g)];
  if (pem.length > 1 || (pem.length === 0 && text.includes('-----'))) return undefined;
  const base64 = (pem[0]?.[1] ?? text).replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return undefined;
  try {
    const der = Buffer.from(base64, 'base64');
    const certificate = readCertificate(der);
    const { subject, issuer } = new X509Certificate(der);
    return {
      der,
      sha256: createHash('sha256').update(der).digest('hex'),
      subject: oneLine(subject),
      issuer: oneLine(issuer),
      serialNumber: certificate.serialNumber,
      notBefore: new Date(certificate.notBefore),
      notAfter: new Date(certificate.notAfter),
      isCa: certificate.ca,
    };
  } catch {
    return undefined;
  }
};

export const oneLine = (name: string | undefined) => (name ?? '').split('\n').join(', ');
