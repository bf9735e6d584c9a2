import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { sameDigest } from '../../protocol/sip/digest.ts';
import { header, type SipRequest } from '../../protocol/sip/message.ts';

/** The two sides of a call as this node sees them: device names, or `node` for a neighbour of the cluster. */
export interface CallSides {
  readonly left: string;
  readonly right: string;
  /** The left side, which called, asked not to be named. */
  readonly hidden?: boolean;
}

export const neighbour = 'node';
/** Carries `vouch` between the nodes, and nowhere else. */
export const vouchHeader = 'X-Firstring-Node';

/**
 * What our Record-Route and Route values carry as user part, so that requests within a call find the other side without this node remembering the call:
 * `left.right.proof`, or `left.right.hidden.proof`. The proof binds them to the Call-ID, so that nobody outside the call can make one up; all nodes share the key.
 */
export class RouteTokens {
  readonly #key: KeyObject;

  constructor(key: Uint8Array) {
    this.#key = createSecretKey(key);
  }

  mint({ left, right, hidden }: CallSides, callId: string): string {
    const sides = hidden === true ? `${left}.${right}.hidden` : `${left}.${right}`;
    return `${sides}.${this.#proof(sides, callId)}`;
  }

  /** Undefined when it is not ours, or not of this call. */
  read(token: string, callId: string): CallSides | undefined {
    const match = /^(([A-Za-z0-9]{1,20})\.([A-Za-z0-9]{1,20})(\.hidden)?)\.([0-9a-f]{24})$/.exec(token);
    if (match === null) return undefined;
    const [, all, left, right, hidden, proof] = match;
    if (!sameDigest(proof!, this.#proof(all!, callId))) return undefined;
    return { left: left!, right: right!, ...(hidden !== undefined && { hidden: true }) };
  }

  #proof(sides: string, callId: string): string {
    return this.#mac(`sip route|${sides}|${callId}`).slice(0, 24);
  }

  /**
   * What a node writes under a request that it passes to another node of the cluster: it has looked at the sender. Without it anybody who knows the
   * Route of a call could pose as the node on the other side.
   */
  vouch(request: SipRequest): string {
    const said = ['call-id', 'cseq', 'from', 'p-asserted-identity', 'remote-party-id', 'referred-by', 'event'];
    const values = said.map((key) => header(request, key) ?? '');
    return this.#mac(['sip node', request.method, ...values].join('\n'));
  }

  vouched(request: SipRequest): boolean {
    const given = header(request, vouchHeader.toLowerCase());
    return given !== undefined && sameDigest(given, this.vouch(request));
  }

  #mac(text: string): string {
    return createHmac('sha256', this.#key).update(text).digest('hex');
  }
}
