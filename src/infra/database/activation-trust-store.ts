import type { Kysely } from 'kysely';
import { readCertificate } from '../../domain/trust/certificate.ts';
import type { MicDenyList, TrustedCertificate } from '../../domain/trust/mic-path.ts';
import { MalformedError } from '../../kernel/errors.ts';
import { revokedIn } from '../crypto/issuer-signature.ts';
import type { Database } from './schema.ts';

/** CallManager-trust, the deny list and the revocation lists as plain data, so that they can go to other threads. */
export interface MicTrustSnapshot {
  readonly certificates: readonly {
    readonly der: Uint8Array;
    readonly sha256: Uint8Array;
    readonly micRoot: boolean;
    readonly legacySha1: boolean;
    readonly expiredMicsUntil: number | undefined;
  }[];
  readonly denied: Omit<MicDenyList, 'revoked'>;
  /** As packFingerprints makes them. */
  readonly revoked: readonly Uint8Array[];
}

/** `laboratory`: whether this node runs as a laboratory; what such a start put there counts nowhere else. */
export async function readMicTrust(db: Kysely<Database>, laboratory: boolean): Promise<MicTrustSnapshot> {
  const [certificates, denials, revoked] = await Promise.all([
    db
      .selectFrom('trust_certificate')
      .select(['der', 'sha256', 'mic_root', 'legacy_sha1', 'expired_mics_until'])
      .where('purpose', '=', 'CallManager-trust')
      .where((where) => (laboratory ? where.lit(true) : where('laboratory', '=', false)))
      .execute(),
    db.selectFrom('mic_deny').select(['kind', 'value']).execute(),
    readRevoked(db),
  ]);
  const values = (kind: string, normal: (value: string) => string) =>
    new Set(denials.filter((denial) => denial.kind === kind).map(({ value }) => normal(value)));
  return {
    certificates: certificates.map((row) => ({
      der: new Uint8Array(row.der),
      sha256: new Uint8Array(row.sha256),
      micRoot: row.mic_root,
      legacySha1: row.legacy_sha1,
      expiredMicsUntil: row.expired_mics_until?.getTime(),
    })),
    denied: {
      serials: values('serial', hexSerial),
      keys: values('key', (value) => value.replaceAll(':', '').toLowerCase()),
      macs: values('mac', (value) => value.toUpperCase()),
    },
    revoked,
  };
}

/** What manufacturers revoked, as packFingerprints makes it: one for each list that names anything. */
export async function readRevoked(db: Kysely<Database>): Promise<readonly Uint8Array[]> {
  const lists = await db
    .selectFrom('certificate_revocation_list')
    .select('revoked')
    .where('entries', '>', 0)
    .orderBy('id')
    .execute();
  return lists.map(({ revoked }) => new Uint8Array(revoked));
}

/** `0A:BC`, `abc` and `00abc` all name serial number 0x0abc; certificates are read as whole octets without leading zero ones. */
function hexSerial(value: string): string {
  const digits = value
    .replaceAll(/[:\s]/g, '')
    .toLowerCase()
    .replace(/^0+(?=.)/, '');
  return digits.length % 2 === 0 ? digits : `0${digits}`;
}

/** A certificate in the store that is none is passed over: it can vouch for nothing. */
export function micTrustOf(snapshot: MicTrustSnapshot): {
  readonly trusted: readonly TrustedCertificate[];
  readonly denied: MicDenyList;
} {
  const trusted = snapshot.certificates.flatMap(({ der, ...rest }): TrustedCertificate[] => {
    try {
      return [{ certificate: readCertificate(der), ...rest }];
    } catch (error) {
      if (error instanceof MalformedError) return [];
      throw error;
    }
  });
  return { trusted, denied: { ...snapshot.denied, revoked: revokedIn(snapshot.revoked) } };
}
