import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeDirectory, writeWhole } from '../data-directory/files.ts';
import { backdated } from './backdating.ts';
import { derToPem } from './identity.ts';
import type { Issuer, KeyKind, KeyPair } from './issue.ts';

export interface LabManufacturer {
  /** PEM: the issuing CA, then its root. */
  readonly certFile: string;
  /** PEM: private key of the issuing CA. */
  readonly keyFile: string;
  /** DER. */
  readonly root: Buffer;
  /** DER. Signs MICs. */
  readonly issuing: Buffer;
}

export interface MicRequest {
  /** `CP-8845`. */
  readonly product: string;
  /** 12 upper-case hex digits. */
  readonly mac: string;
  /** Serial number of the phone's hardware. */
  readonly serial?: string;
  readonly kind?: KeyKind;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

/** Below the manufacturer's directory. */
export const labManufacturerFiles = { certificate: 'manufacturer-ca.pem', key: 'manufacturer-ca.key.pem' } as const;

const year = 365.25 * 24 * 3600 * 1000;

/** A pretended manufacturer below `directory`, for laboratories and tests only: made at first use, kept after that. */
export async function openLabManufacturer(directory: string): Promise<LabManufacturer> {
  const certFile = join(directory, labManufacturerFiles.certificate);
  const keyFile = join(directory, labManufacturerFiles.key);
  await makeDirectory(directory);
  const [certs, key] = await Promise.all([certFile, keyFile].map((file) => readFile(file, 'utf8').catch(() => '')));
  const ders = certificatesIn(certs!);
  if (ders.length === 2 && key !== '') return { certFile, keyFile, issuing: ders[0]!, root: ders[1]! };
  await rm(certFile, { force: true });
  const { generateKey, issueCertificate } = await import('./issue.ts');
  const notBefore = backdated();
  const organisation = [['O', 'Firstring Laboratory']] as const;
  const rootKey = await generateKey('rsa-2048');
  const root = await issueCertificate(
    {
      subject: [['CN', 'Laboratory Root CA'], ...organisation],
      publicKey: rootKey.publicKey,
      notBefore,
      notAfter: new Date(Date.now() + 30 * year),
      authority: { pathLength: 1 },
    },
    { self: rootKey },
  );
  const issuingKey = await generateKey('rsa-2048');
  const issuing = await issueCertificate(
    {
      subject: [['CN', 'Laboratory Manufacturing CA'], ...organisation],
      publicKey: issuingKey.publicKey,
      notBefore,
      notAfter: new Date(Date.now() + 25 * year),
      authority: { pathLength: 0 },
    },
    { certificate: root, privateKey: rootKey.privateKey },
  );
  await writeWhole(keyFile, issuingKey.privateKey.export({ format: 'pem', type: 'pkcs8' }) as string);
  await writeWhole(certFile, derToPem(issuing) + derToPem(root));
  return { certFile, keyFile, root, issuing };
}

/** A manufacturer-installed certificate as a real phone has it. */
export async function issueMic(
  issuer: Issuer,
  request: MicRequest,
): Promise<{ readonly certificate: Buffer; readonly key: KeyPair }> {
  const { generateKey, issueCertificate } = await import('./issue.ts');
  const key = await generateKey(request.kind ?? 'rsa-2048');
  const serial = request.serial ?? `LAB${request.mac.slice(4)}`;
  const certificate = await issueCertificate(
    {
      subject: [
        ['serialNumber', `PID:${request.product} SN:${serial}`],
        ['O', 'Firstring Laboratory'],
        ['OU', 'CTG'],
        ['CN', `${request.product}-SEP${request.mac}`],
      ],
      publicKey: key.publicKey,
      notBefore: request.notBefore ?? backdated(),
      notAfter: request.notAfter ?? new Date(Date.now() + 12 * year),
      usages: ['client', 'server'],
    },
    issuer,
  );
  return { certificate, key };
}

/** Reads the issuing CA back, to issue with. */
export async function labIssuer(manufacturer: LabManufacturer): Promise<Issuer> {
  return { certificate: manufacturer.issuing, privateKey: createPrivateKey(await readFile(manufacturer.keyFile)) };
}

function certificatesIn(pem: string): Buffer[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => Buffer.from(new X509Certificate(block).raw));
}
