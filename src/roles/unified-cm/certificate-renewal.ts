import type { NodeIdentity } from '../../infra/pki/identity.ts';
import { loadNodeIdentity, type NodeIdentityOptions, nodeCertificateEndsSoon } from '../../infra/pki/node-identity.ts';
import type { Log } from '../../kernel/log.ts';
import type { CertificateNews } from './context.ts';
import type { Notices } from './notices.ts';

/** Ninety days are left when a certificate is renewed: twice a day is often enough. Milliseconds. */
const lookEvery = 12 * 3600 * 1000;

export interface CertificateRenewalOptions extends NodeIdentityOptions {
  readonly identity: NodeIdentity;
  readonly notices: Notices;
  readonly log: Log;
}

/** A node that runs for years must not end with its certificates: renews them by the clock, and when something shared changed. */
export function certificateRenewal(options: CertificateRenewalOptions): CertificateNews & Disposable {
  const { log, notices } = options;
  const receivers: ((identity: NodeIdentity) => void)[] = [];
  let current = options.identity;
  let looking = false;
  const look = async () => {
    if (looking) return;
    looking = true;
    try {
      if (!(await nodeCertificateEndsSoon(options))) return;
      const next = await loadNodeIdentity(options);
      const renewed = (['callManager', 'tvs', 'tomcat'] as const).filter(
        (each) => !next[each].certificate.equals(current[each].certificate),
      );
      if (renewed.length === 0) return;
      current = next;
      for (const apply of receivers) apply(next);
      log.info({ renewed }, 'certificates of this node were renewed');
    } catch (error) {
      log.warn({ err: error }, 'certificates of this node could not be renewed; the next look tries again');
    } finally {
      looking = false;
    }
  };
  notices.on('config_changed', (payload) => {
    if (payload === '*') void look();
  });
  const timer = setInterval(() => void look(), lookEvery).unref();
  return {
    get current() {
      return current;
    },
    onRenewed: (apply) => void receivers.push(apply),
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
