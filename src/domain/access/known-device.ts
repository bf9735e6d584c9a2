import { equalBytes, toBase64url, utf8 } from '../../kernel/bytes.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Random } from '../../kernel/random.ts';

/** What a token is bound to: another person, or a new password, makes it worthless. */
export interface DeviceOwner {
  readonly id: string;
  readonly passwordHash: string | undefined;
}

/** In seconds: browsers keep a cookie for 400 days at most. */
export const knownDeviceLife = 365 * 86_400;

/**
 * A browser in which somebody signed in before, so that a flood of wrong passwords from elsewhere does not keep that person out. The token is no
 * credential: it spares its bearer the limits per source, and has a limit of its own instead.
 */
export class KnownDevices {
  readonly #mac: (bytes: Uint8Array) => Uint8Array;
  readonly #random: Random;
  readonly #clock: Clock;

  /** `mac`: under a key that all nodes share and that survives a restart. */
  constructor(mac: (bytes: Uint8Array) => Uint8Array, random: Random, clock: Clock) {
    this.#mac = mac;
    this.#random = random;
    this.#clock = clock;
  }

  issue(owner: DeviceOwner): string {
    const claim = `${Math.floor(this.#clock.now() / 1000)}.${toBase64url(this.#random.bytes(16))}`;
    return `${claim}.${this.#seal(claim, owner)}`;
  }

  /** The name of the device when the token is this person's and not too old. */
  check(token: string | undefined, owner: DeviceOwner): string | undefined {
    const match = /^((\d{1,12})\.[\w-]{22})\.([\w-]{43})$/.exec(token ?? '');
    if (match === null) return undefined;
    const age = this.#clock.now() / 1000 - Number(match[2]);
    if (age > knownDeviceLife || age < -300) return undefined;
    return equalBytes(utf8(match[3]!), utf8(this.#seal(match[1]!, owner))) ? match[1] : undefined;
  }

  #seal(claim: string, { id, passwordHash }: DeviceOwner): string {
    return toBase64url(this.#mac(utf8(`${id}\0${passwordHash ?? ''}\0${claim}`)));
  }
}
