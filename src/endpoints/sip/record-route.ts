import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { sameDigest } from '../../protocol/sip/digest.ts';

/** The two sides of a call as this node sees them: device names, or `node` for a neighbour of the cluster. */
export interface CallSides {
  readonly left: string;
  readonly right: string;
}

export const neighbour = 'node';

/**
 * What our Record-Route and Route values carry as user part, so that requests within a call find the other side without this node remembering the call:
 * `left.right.proof`. The proof binds them to the Call-ID, so that nobody outside the call can make one up; all nodes share the key.
 */
export class RouteTokens {
  readonly #key: KeyObject;

  constructor(key: Uint8Array) {
    this.#key = createSecretKey(key);
  }

  mint({ left, right }: CallSides, callId: string): string {
    return `${left}.${right}.${this.#proof(left, right, callId)}`;
  }

  /** Undefined when it is not ours, or not of this call. */
  read(token: string, callId: string): CallSides | undefined {
    const match = /^([A-Za-z0-9]{1,20})\.([A-Za-z0-9]{1,20})\.([0-9a-f]{24})$/.exec(token);
    if (match === null) return undefined;
    const [, left, right, proof] = match;
    return sameDigest(proof!, this.#proof(left!, right!, callId)) ? { left: left!, right: right! } : undefined;
  }

  #proof(left: string, right: string, callId: string): string {
    return createHmac('sha256', this.#key).update(`sip route|${left}|${right}|${callId}`).digest('hex').slice(0, 24);
  }
}
