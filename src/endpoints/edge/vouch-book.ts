import { OnceOnly } from '../../domain/edge/replay.ts';
import { equalBytes } from '../../kernel/bytes.ts';
import { type PhoneVouch, vouchObject } from '../../protocol/edge-access/phone-vouch.ts';
import {
  assertionLife,
  assertionTolerance,
  type EdgeAssertion,
  judgeAssertion,
  type ReceivedAssertion,
} from '../../protocol/tunnel/assertion.ts';

/** A phone connection that E has asserted, ready to be vouched for. */
export interface KnownConnection {
  readonly vouch: PhoneVouch;
  /** The vouch as JSON: it goes with every request and is long. */
  readonly json: string;
  /** Seconds since the epoch. */
  readonly until: number;
}

/** An Expressway-E as C got to know it when they were paired. */
export interface PinnedEdge {
  readonly name: string;
  /** The signature is its assertion key's. */
  verifies(input: Uint8Array, signature: Uint8Array): boolean;
}

export type AssertionVerdict =
  | 'accepted'
  | 'wrong_issuer'
  | 'forged'
  | 'too_old'
  | 'from_the_future'
  | 'too_long_lived'
  | 'replayed'
  | 'changed'
  | 'too_many';

const most = 200_000;

/** The connections of one E that C vouches for, each for as long as its last assertion is good. */
export class VouchBook {
  readonly #edge: PinnedEdge;
  readonly #known = new Map<string, KnownConnection>();
  readonly #ids = new OnceOnly(assertionLife + 2 * assertionTolerance);

  constructor(edge: PinnedEdge) {
    this.#edge = edge;
  }

  get size(): number {
    return this.#known.size;
  }

  /** `connection`: as the request around it says. `now` in seconds. */
  accept({ assertion, input, signature }: ReceivedAssertion, connection: string, now: number): AssertionVerdict {
    const problem = judgeAssertion(assertion, { issuer: this.#edge.name, now });
    if (problem === 'wrong_issuer') return problem;
    // Before its age is looked at: a forged one proves nothing about anybody's clock.
    if (!this.#edge.verifies(input, signature)) return 'forged';
    if (problem !== undefined) return problem;
    if (!this.#ids.use(assertion.id, now)) return 'replayed';
    const known = this.#known.get(assertion.connection);
    // A name means one connection for good: E cannot slip another phone under it.
    if (assertion.connection !== connection || (known && !same(known.vouch, assertion))) return 'changed';
    if (known === undefined && this.#known.size >= most) return 'too_many';
    const vouch = known?.vouch ?? vouchOf(assertion, this.#edge.name);
    this.#known.set(connection, {
      vouch,
      json: known?.json ?? JSON.stringify(vouchObject(vouch)),
      until: assertion.expiresAt + assertionTolerance,
    });
    return 'accepted';
  }

  /** Undefined: never asserted, or too long ago. */
  find(connection: string, now: number): KnownConnection | undefined {
    const known = this.#known.get(connection);
    return known !== undefined && known.until > now ? known : undefined;
  }

  /** Call it now and then. */
  forget(now: number): void {
    for (const [connection, { until }] of this.#known) if (until <= now) this.#known.delete(connection);
  }
}

function vouchOf(assertion: EdgeAssertion, edge: string): PhoneVouch {
  return {
    // Two E may choose the same name.
    connection: `${edge}:${assertion.connection}`,
    chain: assertion.chain,
    channelBinding: assertion.channelBinding,
    tls: assertion.tls,
    sourceAddress: assertion.sourceAddress,
    edge,
    ...(assertion.serverName !== undefined && { serverName: assertion.serverName }),
  };
}

function same(vouch: PhoneVouch, assertion: EdgeAssertion): boolean {
  return (
    equalBytes(vouch.channelBinding, assertion.channelBinding) &&
    vouch.sourceAddress === assertion.sourceAddress &&
    vouch.chain.length === assertion.chain.length &&
    vouch.chain.every((der, at) => equalBytes(der, assertion.chain[at]!))
  );
}
