import type { KeyObject } from 'node:crypto';

/** A certificate with its private key. */
export interface Identity {
  readonly certificate: Buffer;
  /** Issuers, the leaf's own first; the root included. DER. */
  readonly chain: readonly Buffer[];
  readonly privateKey: KeyObject;
  readonly notAfter: Date;
}

/** What one node shows and signs with. */
export interface NodeIdentity {
  /** Row of table `node`. */
  readonly nodeId: string;
  /** DER of the cluster's own CA. */
  readonly clusterCa: Buffer;
  /** RSA-2048, SAST: signs the ITL. Cluster-wide. */
  readonly itlRecovery: Identity;
  /** RSA-2048, second SAST: signs every .sgn, so that all nodes emit the same bytes. Cluster-wide. */
  readonly callManagerSigning: Identity;
  /** RSA-2048: SIP over TLS. */
  readonly callManager: Identity;
  /** RSA-2048. */
  readonly tvs: Identity;
  /** P-256: HTTPS 8443, 6972 and the activation service. */
  readonly tomcat: Identity;
}

export function derToPem(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

/** For node:tls: the chain goes without the root, which the other side must hold anyway. */
export function tlsMaterial(identity: Identity): { readonly cert: string; readonly key: string } {
  return {
    cert: [identity.certificate, ...identity.chain.slice(0, -1)].map(derToPem).join(''),
    key: identity.privateKey.export({ format: 'pem', type: 'pkcs8' }) as string,
  };
}
