import { createHash } from 'node:crypto';
import type { Voucher } from '../../domain/provisioning/ports.ts';
import { type VouchedRole, verdictLifetime } from '../../domain/provisioning/trust.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { KnownCertificate } from '../database/provisioning-trust.ts';

export interface CachedVoucher extends Voucher {
  /** A `config_changed` or `trust_changed` notice came. */
  notice(): void;
  lost(): void;
  listening(): void;
}

/** TVS's knowledge, read at once and kept until a notice; while notices may be missed it is read for every question. */
export function voucher(load: () => Promise<readonly KnownCertificate[]>, clock: Clock): CachedVoucher {
  let trusted = false;
  let known: Promise<Map<string, KnownCertificate>> | undefined;
  const read = async () => index(await load());
  const current = () => {
    if (!trusted) return read();
    if (known === undefined) {
      const reading = read();
      known = reading;
      reading.catch(() => {
        if (known === reading) known = undefined;
      });
    }
    return known;
  };
  return {
    async verdict(certificateSha256) {
      const found = (await current()).get(Buffer.from(certificateSha256).toString('hex'));
      const now = clock.now();
      if (found === undefined || found.roles.length === 0 || now < found.notBefore || now >= found.notAfter)
        return undefined;
      return { roles: found.roles, ttl: Math.min(verdictLifetime, Math.floor((found.notAfter - now) / 1000)) };
    },
    notice() {
      known = undefined;
    },
    lost() {
      trusted = false;
      known = undefined;
    },
    listening() {
      trusted = true;
      known = undefined;
    },
  };
}

/** A certificate may be held for several purposes: its roles add up. */
function index(certificates: readonly KnownCertificate[]): Map<string, KnownCertificate> {
  const byHash = new Map<string, KnownCertificate>();
  for (const each of certificates) {
    const hash = createHash('sha256').update(each.der).digest('hex');
    const before = byHash.get(hash);
    const roles: VouchedRole[] = [...new Set([...(before?.roles ?? []), ...each.roles])];
    byHash.set(hash, { ...each, roles });
  }
  return byHash;
}
