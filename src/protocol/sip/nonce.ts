import { sameDigest } from './digest.ts';

export interface NonceOptions {
  /** Keyed hash of a text, as hex or base64url; at least 128 bits. The key lives as long as the process. */
  readonly hmac: (text: string) => string;
  /** Seconds a nonce may be used. Default 300. */
  readonly lifeSeconds?: number;
  /** Nonces remembered for the replay check. The oldest are forgotten first, and then count as stale. Default 65,536. */
  readonly capacity?: number;
}

export type NonceVerdict =
  | 'fresh'
  /** The very same credentials again: a retransmission. It may be answered, but must not change anything. */
  | 'repeated'
  | 'stale';

interface Use {
  nc: number;
  response: string;
  readonly mintedAt: number;
}

/**
 * Nonces that carry their own time and proof (RFC 7616 §5.4), so that challenges need no memory; only nonces that were really used take a slot.
 * Layout: base36 milliseconds, `-`, base36 counter, `-`, HMAC of both and of the address that asked: nobody can use up the guesses of another address.
 */
export class NonceMint {
  readonly #hmac: (text: string) => string;
  readonly #life: number;
  readonly #capacity: number;
  readonly #used = new Map<string, Use>();
  #counter = 0;
  /** A nonce minted at or before this instant and unknown here may have been forgotten, so it is stale. */
  #floor = 0;

  constructor(options: NonceOptions) {
    this.#hmac = options.hmac;
    this.#life = (options.lifeSeconds ?? 300) * 1000;
    this.#capacity = options.capacity ?? 65_536;
  }

  /** `source`: the address it is given to, and the only one it is good for. */
  mint(now: number, source = ''): string {
    const text = `${now.toString(36)}-${(this.#counter++).toString(36)}`;
    return `${text}-${this.#hmac(`${text}|${source}`)}`;
  }

  /** Genuine and young enough? Asked before the response is checked; changes nothing. */
  inspect(nonce: string, now: number, source = ''): 'valid' | 'stale' | 'forged' {
    const match = /^([0-9a-z]{1,11})-[0-9a-z]{1,11}-/.exec(nonce);
    if (match === null) return 'forged';
    const text = match[0].slice(0, -1);
    if (!sameDigest(nonce.slice(match[0].length), this.#hmac(`${text}|${source}`))) return 'forged';
    const mintedAt = Number.parseInt(match[1]!, 36);
    return mintedAt + this.#life < now || mintedAt > now + 1000 ? 'stale' : 'valid';
  }

  /** To be asked only of a nonce that `inspect` found valid, and once the response is proved right, so that nobody else can use a nonce up. */
  use(nonce: string, nc: number, response: string, now: number): NonceVerdict {
    const known = this.#used.get(nonce);
    if (known !== undefined) {
      if (nc === known.nc && sameDigest(response, known.response)) return 'repeated';
      if (nc <= known.nc) return 'stale';
      known.nc = nc;
      known.response = response;
      return 'fresh';
    }
    const mintedAt = Number.parseInt(nonce.slice(0, nonce.indexOf('-')), 36);
    if (mintedAt <= this.#floor) return 'stale';
    this.#used.set(nonce, { nc, response, mintedAt });
    this.#forget(now);
    return 'fresh';
  }

  #forget(now: number): void {
    for (const [nonce, use] of this.#used) {
      if (this.#used.size <= this.#capacity && use.mintedAt + this.#life >= now) return;
      this.#used.delete(nonce);
      this.#floor = Math.max(this.#floor, use.mintedAt);
    }
  }

  get remembered(): number {
    return this.#used.size;
  }
}
