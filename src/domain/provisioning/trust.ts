/** Purposes of certificates the cluster holds keys of. */
export type CertificatePurpose =
  | 'cluster-ca'
  | 'itl-recovery'
  | 'call-manager-signing'
  | 'call-manager'
  | 'tvs'
  | 'tomcat';

export interface HeldCertificate {
  readonly purpose: CertificatePurpose;
  /** Undefined for cluster-wide ones. */
  readonly nodeName: string | undefined;
  readonly der: Uint8Array;
}

/** Role names of the trust list; numbers are the protocol's. */
export type VouchedRole = 'SAST' | 'CCM' | 'CCM+TFTP' | 'TFTP' | 'CAPF' | 'APP-SERVER' | 'TVS';

const listRoles: readonly (readonly [CertificatePurpose, readonly VouchedRole[]])[] = [
  // Two SAST records: whoever loses one key can still sign a list that phones accept.
  ['itl-recovery', ['SAST']],
  ['call-manager-signing', ['SAST', 'TFTP']],
  ['call-manager', ['CCM+TFTP']],
  ['tvs', ['TVS']],
];

/**
 * The records of the ITL, in order: the recovery certificate that signs it, the one that signs configuration files, then each node's
 * CallManager and TVS certificates by node name. The same certificates always give the same list.
 */
export function trustListContent(
  held: readonly HeldCertificate[],
): readonly { readonly role: VouchedRole; readonly der: Uint8Array }[] {
  return listRoles.flatMap(([purpose, roles]) =>
    held
      .filter((each) => each.purpose === purpose)
      .sort((a, b) => compare(a.nodeName ?? '', b.nodeName ?? ''))
      .flatMap(({ der }) => roles.map((role) => ({ role, der }))),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What TVS says of a certificate the cluster holds itself; empty: it vouches for nothing. */
export function rolesOfHeld(purpose: CertificatePurpose): readonly VouchedRole[] {
  switch (purpose) {
    case 'cluster-ca':
      return [];
    case 'itl-recovery':
      return ['SAST'];
    case 'call-manager-signing':
      return ['SAST', 'TFTP'];
    case 'call-manager':
      return ['CCM', 'CCM+TFTP'];
    case 'tvs':
      return ['TVS'];
    case 'tomcat':
      // HTTPS 8443, 6972 and the activation service show it.
      return ['APP-SERVER', 'TFTP'];
  }
}

/**
 * What TVS says of a certificate in CallManager-trust. A root kept there only to check phones' certificates is known but speaks for no server:
 * its owner must not be able to pose as one.
 */
export function rolesOfTrusted(certificate: { readonly micRoot: boolean }): readonly VouchedRole[] {
  return certificate.micRoot ? ['CAPF'] : ['CCM', 'TFTP', 'APP-SERVER'];
}

/** Seconds a phone may keep a verdict. */
export const verdictLifetime = 3600;
