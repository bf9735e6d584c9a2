import { clusterPath, phoneEdgeTrustPath, settingsPath } from '../../protocol/cloud/cluster.ts';
import { enrolPath, renewPath } from '../../protocol/cloud/enrol.ts';
import { locatorForm, uuidForm } from '../../protocol/cloud/fields.ts';
import { largestRequest, largestTrustUpload } from '../../protocol/cloud/limits.ts';
import { locatorsPath } from '../../protocol/cloud/locators.ts';
import { resolvePath } from '../../protocol/cloud/resolve.ts';
import { voucherPath } from '../../protocol/cloud/voucher.ts';
import { RateLimiter } from '../listen/rate-limit.ts';
import { sourceOf } from '../listen/source.ts';
import { type CloudAnswer, CloudRefusal } from './cloud-answer.ts';
import type { ClusterDoor, ClusterPeer } from './cluster-door.ts';
import { answerPhone, type PhoneDoorParts } from './phone-door.ts';

/** Who is at the other end of a connection. */
export interface CloudPeer {
  /** DER, the client's own certificate first; empty without one. */
  readonly chain: readonly Uint8Array[];
  readonly source: string;
}

export interface CloudRoute {
  /** For figures and logs. */
  readonly name: string;
  readonly largestBody: number;
  answer(peer: CloudPeer, body: string): Promise<CloudAnswer>;
}

/** Requests of one address, in memory of this node. */
export interface CloudRates {
  readonly phones: RateLimiter;
  readonly enrolments: RateLimiter;
  readonly clusters: RateLimiter;
}

export function usualCloudRates(): CloudRates {
  return {
    // A whole office behind one address after a power cut; each MIC has its own, much lower limit.
    phones: new RateLimiter({ burst: 200, perSecond: 50 }),
    enrolments: new RateLimiter({ burst: 20, perSecond: 0.5 }),
    clusters: new RateLimiter({ burst: 400, perSecond: 100 }),
  };
}

export interface CloudDoors {
  readonly phones: PhoneDoorParts;
  readonly clusters: ClusterDoor;
  readonly rates: CloudRates;
  readonly now: () => number;
}

/** Every address of the cloud's door. Anything else is nothing: no prefix, no normalisation, no percent-decoding. */
export function cloudRoutes({ phones, clusters, rates, now }: CloudDoors) {
  const hold = (limiter: RateLimiter, key: string) => {
    const wait = limiter.take(key, now());
    if (wait > 0) throw new CloudRefusal('rate_limited', undefined, { retryAfter: wait });
  };
  const open = (name: string, answer: (peer: ClusterPeer, body: string) => Promise<CloudAnswer>): CloudRoute => ({
    name,
    largestBody: largestRequest,
    async answer({ source }, body) {
      hold(rates.enrolments, sourceOf(source));
      return answer({ certificate: undefined, source }, body);
    },
  });
  const cluster = (
    name: string,
    answer: (peer: ClusterPeer, body: string) => Promise<CloudAnswer>,
    largestBody = largestRequest,
  ): CloudRoute => ({
    name,
    largestBody,
    async answer({ chain, source }, body) {
      // Not by certificate: whether it is one of a cluster is only known after a look into the database, and anybody can make a million of them.
      hold(rates.clusters, sourceOf(source));
      return answer({ certificate: chain[0], source }, body);
    },
  });

  const fixed: Readonly<Record<string, CloudRoute>> = {
    [`POST ${resolvePath}`]: {
      name: 'resolve',
      largestBody: largestRequest,
      async answer(peer, body) {
        hold(rates.phones, sourceOf(peer.source));
        return answerPhone(phones, peer, body);
      },
    },
    [`POST ${voucherPath}`]: open('voucher', (peer) => clusters.voucher(peer)),
    [`POST ${enrolPath}`]: open('enrol', (peer, body) => clusters.enrol(peer, body)),
    [`POST ${renewPath}`]: cluster('renew', (peer, body) => clusters.renew(peer, body)),
    [`GET ${clusterPath}`]: cluster('status', (peer) => clusters.status(peer), 0),
    [`DELETE ${clusterPath}`]: cluster('leave', (peer) => clusters.leave(peer), 0),
    [`PUT ${settingsPath}`]: cluster('settings', (peer, body) => clusters.changeSettings(peer, body)),
    [`PUT ${phoneEdgeTrustPath}`]: cluster(
      'trust',
      (peer, body) => clusters.replaceTrust(peer, body),
      largestTrustUpload,
    ),
    [`POST ${locatorsPath}`]: cluster('allocate', (peer, body) => clusters.allocate(peer, body)),
  };

  return (method: string, path: string, query: string): CloudRoute | undefined => {
    const key = `${method} ${path}`;
    if (query === '' && Object.hasOwn(fixed, key)) return fixed[key];
    if (key === `GET ${locatorsPath}`) {
      const after = query === '' ? -1 : afterOf(query);
      return after === undefined ? undefined : cluster('locators', (peer) => clusters.allocations(peer, after), 0);
    }
    const [, locator = '', allocationId = ''] = locatorAddress.exec(path) ?? [];
    if (query !== '' || !locatorForm.test(locator) || !uuidForm.test(allocationId)) return undefined;
    const use = { locator: Number(locator), allocationId };
    if (method === 'DELETE') return cluster('release', (peer) => clusters.release(peer, use), 0);
    if (method === 'GET') return cluster('locator', (peer) => clusters.allocation(peer, use), 0);
    return undefined;
  };
}

const locatorAddress = new RegExp(`^${locatorsPath}/([0-9]{7})/([0-9a-f-]{36})$`);

function afterOf(query: string): number | undefined {
  const locator = /^after=([0-9]{7})$/.exec(query)?.[1];
  return locator === undefined ? undefined : Number(locator);
}
