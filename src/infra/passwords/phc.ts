import { scryptSync, timingSafeEqual } from 'node:crypto';

/** scrypt's cost: N = 2^ln. */
export interface ScryptCost {
  readonly ln: number;
  readonly r: number;
  readonly p: number;
}

const unpadded = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64').replace(/=+$/, '');

/** `$scrypt$ln=17,r=8,p=1$<salt>$<hash>`, base64 without padding. */
export function hashPassword(password: string, salt: Uint8Array, cost: ScryptCost): string {
  return phcString(salt, derive(password, salt, cost, 32), cost);
}

export function phcString(salt: Uint8Array, hash: Uint8Array, cost: ScryptCost): string {
  return `$scrypt$ln=${cost.ln},r=${cost.r},p=${cost.p}$${unpadded(salt)}$${unpadded(hash)}`;
}

/** False for a string of any other form: it fits no password. */
export function verifyPassword(password: string, phc: string): boolean {
  const match = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(phc);
  if (match === null) return false;
  const cost = { ln: Number(match[1]), r: Number(match[2]), p: Number(match[3]) };
  const hash = Buffer.from(match[5]!, 'base64');
  return timingSafeEqual(derive(password, Buffer.from(match[4]!, 'base64'), cost, hash.length), hash);
}

function derive(password: string, salt: Uint8Array, { ln, r, p }: ScryptCost, length: number): Buffer {
  const N = 2 ** ln;
  return scryptSync(password.normalize('NFC'), salt, length, { N, r, p, maxmem: 256 * N * r + 1_048_576 });
}
