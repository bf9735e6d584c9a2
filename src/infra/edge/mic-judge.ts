import { createHash } from 'node:crypto';
import { readCertificate } from '../../domain/trust/certificate.ts';
import type { MicDenyList, TrustedCertificate } from '../../domain/trust/mic-path.ts';
import type { MicVerdict } from '../../domain/trust/mic-verdict.ts';
import type { RevokedCertificates } from '../../domain/trust/revoked.ts';
import type { Clock } from '../../kernel/clock.ts';
import { MalformedError } from '../../kernel/errors.ts';
import type { MicDenied, MicTrustEntry } from '../../protocol/edge-access/cluster-view.ts';
import { revokedIn } from '../crypto/issuer-signature.ts';
import { micInspector } from '../crypto/mic-inspector.ts';

/** One cluster's trust, as Expressway-C told it. */
export interface ToldTrust {
  readonly micTrust: readonly MicTrustEntry[];
  readonly micDenied: MicDenied;
}

/**
 * Judges MICs by what the clusters trust. A certificate that one cluster denies is refused only when no other cluster takes it: each judges again
 * inside, for itself.
 */
export class ToldMicJudge {
  readonly #inspector: ReturnType<typeof micInspector>;
  #age = 0;
  #authorities: readonly Buffer[] = [];
  #known = '';

  constructor(clock: Clock) {
    this.#inspector = micInspector({ trusted: [], denied: noDenied }, clock);
  }

  get age(): number {
    return this.#age;
  }

  /** "Activate code onboarding trusted CA certificates": DER. */
  get authorities(): readonly Buffer[] {
    return this.#authorities;
  }

  inspect(chain: readonly Uint8Array[]): MicVerdict {
    return this.#inspector.inspect(chain);
  }

  tell(clusters: readonly ToldTrust[]): void {
    const trusted = new Map<string, TrustedCertificate>();
    for (const { der, micRoot, legacySha1, expiredMicsUntil } of clusters.flatMap(({ micTrust }) => micTrust)) {
      const sha256 = createHash('sha256').update(der).digest();
      const name = sha256.toString('hex');
      const before = trusted.get(name);
      try {
        trusted.set(name, {
          certificate: before?.certificate ?? readCertificate(der),
          sha256,
          micRoot: micRoot || (before?.micRoot ?? false),
          legacySha1: legacySha1 || (before?.legacySha1 ?? false),
          expiredMicsUntil: later(expiredMicsUntil && expiredMicsUntil * 1000, before?.expiredMicsUntil),
        });
      } catch (error) {
        // One that cannot be read vouches for nobody.
        if (!(error instanceof MalformedError)) throw error;
      }
    }
    const denied = {
      serials: common(clusters.map(({ micDenied }) => micDenied.serials)),
      keys: common(clusters.map(({ micDenied }) => micDenied.keys)),
      macs: common(clusters.map(({ micDenied }) => micDenied.macs)),
      revoked: commonlyRevoked(clusters.map(({ micDenied }) => micDenied.revoked)),
    };
    const known = JSON.stringify([
      [...trusted].map(([name, { micRoot, legacySha1, expiredMicsUntil }]) => [
        name,
        micRoot,
        legacySha1,
        expiredMicsUntil,
      ]),
      [...denied.serials, '/', ...denied.keys, '/', ...denied.macs],
      clusters.map(({ micDenied }) => micDenied.revoked.map(digest)),
    ]);
    if (known === this.#known) return;
    this.#known = known;
    this.#authorities = [...trusted.values()].map(({ certificate }) => Buffer.from(certificate.der));
    this.#inspector.replaceTrust({ trusted: [...trusted.values()], denied });
    this.#age++;
  }
}

const noDenied: MicDenyList = { serials: new Set(), keys: new Set(), macs: new Set(), revoked: revokedIn([]) };

const digest = (list: Uint8Array) => createHash('sha256').update(list).digest('base64');

function commonlyRevoked(clusters: readonly (readonly Uint8Array[])[]): RevokedCertificates {
  const each = clusters.map(revokedIn);
  return { has: (certificate) => each.length > 0 && each.every((revoked) => revoked.has(certificate)) };
}

function common(lists: readonly (readonly string[])[]): ReadonlySet<string> {
  const [first = [], ...others] = lists;
  return new Set(first.filter((each) => others.every((list) => list.includes(each))));
}

function later(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.max(a, b);
}
