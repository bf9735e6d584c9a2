import { hash } from 'node:crypto';
import type { PasswordBrake } from '../../domain/registration/password-brake.ts';
import type { RegisteringDevice } from '../../domain/registration/ports.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Random } from '../../kernel/random.ts';
import {
  type DigestAlgorithm,
  type DigestCredentials,
  type DigestHash,
  digestChallenge,
  digestResponse,
  digestSecret,
  parseDigestCredentials,
  sameDigest,
} from '../../protocol/sip/digest.ts';
import { header, headerAll, type SipRequest } from '../../protocol/sip/message.ts';
import { NonceMint } from '../../protocol/sip/nonce.ts';
import { parseSipUri } from '../../protocol/sip/uri.ts';
import { knowsOnlyMd5 } from './quirks.ts';

const nodeHash: DigestHash = (algorithm, text) => hash(algorithm === 'MD5' ? 'md5' : 'sha256', text, 'hex');

export type DigestVerdict =
  | { readonly kind: 'proved'; readonly repeated: boolean }
  | { readonly kind: 'challenge'; readonly stale: boolean }
  /** Credentials were given, and are wrong. */
  | { readonly kind: 'wrong' }
  /** Too many wrong ones came from there: these were not looked at. */
  | { readonly kind: 'braked'; readonly seconds: number };

/** Where credentials come from. */
export interface DigestSource {
  readonly address: string;
  /** The phone itself is registered over this flow: nobody's guesses keep it out. */
  readonly own: boolean;
}

/** Digest of RFC 3261 §22 and RFC 8760, for REGISTER (401) and for requests that pass through (407). */
export class Authenticator {
  readonly realm: string;
  readonly #clock: Clock;
  readonly #algorithms: readonly DigestAlgorithm[];
  readonly #nonces: NonceMint;
  readonly #brake: PasswordBrake;
  readonly #secrets = new WeakMap<RegisteringDevice, { readonly key: string; readonly ha1: string }>();

  constructor(
    realm: string,
    algorithms: readonly DigestAlgorithm[],
    { clock, random, brake }: { readonly clock: Clock; readonly random: Random; readonly brake: PasswordBrake },
  ) {
    this.realm = realm;
    this.#clock = clock;
    this.#brake = brake;
    this.#algorithms = algorithms;
    const hmac = quickHmac(random.bytes(32));
    this.#nonces = new NonceMint({ hmac: (text) => hmac(text).slice(0, 32) });
  }

  /** Credentials for our realm, whatever else the request carries for others. */
  credentials(request: SipRequest, header: 'authorization' | 'proxy-authorization'): DigestCredentials | undefined {
    for (const text of headerAll(request, header)) {
      const credentials = parseDigestCredentials(text);
      if (credentials?.realm === this.realm) return credentials;
    }
    return undefined;
  }

  /** Whether they answer a challenge of ours to this address, however old. */
  answers(credentials: DigestCredentials, address: string): boolean {
    return this.#nonces.inspect(credentials.nonce, this.#clock.now(), address) !== 'forged';
  }

  /** `device` undefined: nobody of that name or number has a password here. Whoever asks must not see the difference. */
  check(
    request: SipRequest,
    credentials: DigestCredentials | undefined,
    device: RegisteringDevice | undefined,
    source: DigestSource,
  ): DigestVerdict {
    if (device !== undefined && device.authentication.kind !== 'digest') return { kind: 'proved', repeated: false };
    if (credentials === undefined) return { kind: 'challenge', stale: false };
    const now = this.#clock.now();
    const genuine = this.#nonces.inspect(credentials.nonce, now, source.address);
    if (genuine !== 'valid') return { kind: 'challenge', stale: genuine === 'stale' };
    if (!this.#algorithms.includes(credentials.algorithm)) return { kind: 'challenge', stale: false };
    const { username } = credentials;
    const seconds = source.own ? 0 : this.#brake.wait(username, source.address);
    if (seconds > 0) return { kind: 'braked', seconds };
    if (!this.#isRight(request, credentials, device)) {
      this.#brake.wrong(username, source.address);
      return { kind: 'wrong' };
    }
    this.#brake.right(username, source.address);
    const use = this.#nonces.use(credentials.nonce, credentials.nc, credentials.response, now);
    if (use === 'fresh' || use === 'repeated') return { kind: 'proved', repeated: use === 'repeated' };
    return { kind: 'challenge', stale: true };
  }

  #isRight(request: SipRequest, credentials: DigestCredentials, device: RegisteringDevice | undefined): boolean {
    const password = device?.authentication.kind === 'digest' ? device.authentication.password : undefined;
    const named = device !== undefined && credentials.username.toUpperCase() === device.name;
    // Hashed in any case, so that time tells nothing.
    const ha1 =
      device !== undefined && password !== undefined && named ? this.#secretOf(device, credentials, password) : '';
    const parts = { ...credentials, method: request.method, password: '', ha1 };
    const right = sameDigest(digestResponse(nodeHash, parts), credentials.response);
    return right && ha1 !== '' && sameTarget(credentials.uri, request.uri);
  }

  /** Kept as long as the record of the device is: a changed password comes with a new record. */
  #secretOf(device: RegisteringDevice, { algorithm, username, realm }: DigestCredentials, password: string): string {
    const key = `${algorithm} ${username}`;
    const held = this.#secrets.get(device);
    if (held?.key === key) return held.ha1;
    const ha1 = digestSecret(nodeHash, algorithm, { username, realm, password });
    this.#secrets.set(device, { key, ha1 });
    return ha1;
  }

  /** One value per algorithm, in the configured order (RFC 8760 §2.3), MD5 alone for agents that know nothing else. */
  challenges(request: SipRequest, stale: boolean, address: string): string[] {
    const nonce = this.#nonces.mint(this.#clock.now(), address);
    const offered =
      this.#algorithms.includes('MD5') && knowsOnlyMd5(header(request, 'user-agent'))
        ? (['MD5'] as const)
        : this.#algorithms;
    return offered.map((algorithm) => digestChallenge({ realm: this.realm, nonce, algorithm, stale }));
  }
}

/** RFC 3261 §22.4 lets the two differ where a proxy rewrote one; clients in use leave the user part out. The host must be the one asked. */
function sameTarget(uri: string, requestUri: string): boolean {
  if (uri === requestUri) return true;
  try {
    return parseSipUri(uri).host === parseSipUri(requestUri).host;
  } catch {
    return false;
  }
}

/**
 * HMAC-SHA-256 of short Latin texts (RFC 2104), as hex. Node's `createHmac` costs a stream object a call; two one-shot hashes over prepared blocks do
 * not, and challenges are what a registrar makes most.
 */
export function quickHmac(key: Uint8Array): (text: string) => string {
  const block = Buffer.alloc(64);
  block.set(key.length > 64 ? hash('sha256', key, 'buffer') : key);
  const inner = Buffer.alloc(64 + 128);
  const outer = Buffer.alloc(64 + 32);
  for (let i = 0; i < 64; i++) {
    inner[i] = block[i]! ^ 0x36;
    outer[i] = block[i]! ^ 0x5c;
  }
  return (text) => {
    if (text.length > 128) throw new RangeError('for short texts only');
    const length = inner.write(text, 64, 'latin1');
    outer.set(hash('sha256', inner.subarray(0, 64 + length), 'buffer'), 64);
    return hash('sha256', outer, 'hex');
  };
}
