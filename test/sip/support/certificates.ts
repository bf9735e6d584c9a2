import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SipTlsMaterial, VerifyClient } from '../../../src/endpoints/sip/options.ts';
import { derToPem } from '../../../src/infra/pki/identity.ts';
import { generateKey, issueCertificate } from '../../../src/infra/pki/issue.ts';
import {
  issueMic,
  type LabManufacturer,
  labIssuer,
  openLabManufacturer,
} from '../../../src/infra/pki/lab-manufacturer.ts';

const day = 24 * 3600 * 1000;

/** A laboratory manufacturer in a folder of its own. */
export async function manufacturer(): Promise<LabManufacturer & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'firstring-lab-'));
  const lab = await openLabManufacturer(folder);
  return { ...lab, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

/** What a phone of that MAC shows in TLS: PEM chain and key. */
export async function mic(lab: LabManufacturer, mac: string): Promise<{ readonly cert: string; readonly key: string }> {
  const { certificate, key } = await issueMic(await labIssuer(lab), { product: 'CP-8845', mac, kind: 'p-256' });
  const pem = key.privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
  return { cert: derToPem(certificate) + derToPem(lab.issuing), key: pem };
}

/** The node's side: a certificate of a cluster CA made for the occasion. */
export async function nodeMaterial(): Promise<SipTlsMaterial> {
  const ca = await generateKey('p-256');
  const key = await generateKey('p-256');
  const dates = { notBefore: new Date(Date.now() - day), notAfter: new Date(Date.now() + day) };
  const clusterCa = await issueCertificate(
    { subject: [['CN', 'cluster']], publicKey: ca.publicKey, ...dates, authority: { pathLength: 0 } },
    { self: ca },
  );
  const cert = await issueCertificate(
    { subject: [['CN', 'node']], publicKey: key.publicKey, ...dates, usages: ['server', 'client'] },
    { certificate: clusterCa, privateKey: ca.privateKey },
  );
  const pem = key.privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
  return { cert: derToPem(cert), key: pem, clusterCa: derToPem(clusterCa) };
}

/** Stands for the MIC validator: the chain must lead to this manufacturer. */
export function trusting(lab: LabManufacturer): VerifyClient {
  const root = new X509Certificate(lab.root);
  return async (chain) => {
    const certificates = chain.map((der) => new X509Certificate(der));
    const issued = [...certificates, root].every(
      (each, i, all) => i + 1 >= all.length || each.verify(all[i + 1]!.publicKey),
    );
    const name = /CN=CP-\w+-(SEP[0-9A-F]{12})/.exec(certificates[0]!.subject ?? '')?.[1];
    if (!issued || name === undefined) return { ok: false, reason: 'mic_untrusted' };
    return {
      ok: true,
      deviceName: name,
      micSha256: Buffer.from(certificates[0]!.fingerprint256.replaceAll(':', ''), 'hex'),
    };
  };
}
