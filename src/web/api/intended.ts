/**
 * Keys of what somebody means to make, one per intended action (the server's Idempotency-Key). An action whose outcome is not known keeps its key, so
 * that pressing the button again cannot make the thing twice; the same thing meant anew gets a new one.
 */

/** What stands open this long is no longer pressed again but meant anew. In ms. */
const openFor = 600_000;

interface Open {
  readonly key: string;
  readonly since: number;
}

/** Of actions whose outcome is not known, by what they say. */
const open = new Map<string, Open>();

/** Consoles whose server keeps no answers refuse keys. */
let offered = true;

export function sendNoKeys(): void {
  offered = false;
}

/** One sending of an action. */
export interface Intended {
  /** Undefined: this request carries none. */
  readonly key: string | undefined;
  /** Nobody knows: the next sending of the same carries the same key. */
  unknown(): void;
}

const keyless: Intended = { key: undefined, unknown: () => {} };

/** `said`: the body, or what tells it from others. While a sending is under way the same again is another action: two presses of one key, say. */
export function intend(method: string, address: string, said: string): Intended {
  // Signing in makes nothing that could be there twice, and its password is not to be kept.
  if (!offered || method !== 'POST' || address.startsWith('/api/v1/session')) return keyless;
  const now = Date.now();
  for (const [each, { since }] of open) if (now - since > openFor) open.delete(each);
  const action = JSON.stringify([globalThis.location?.pathname, address, said]);
  const before = open.get(action);
  open.delete(action);
  const key = before?.key ?? newKey();
  return { key, unknown: () => void open.set(action, { key, since: before?.since ?? now }) };
}

/** Answers after which it is still open whether, or when, the request is carried out. */
export function leavesOpen(status: number, code: string | undefined): boolean {
  return status >= 500 || code === 'request_in_progress';
}

/** `crypto.randomUUID` is missing where a page was not loaded securely. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (octet) => octet.toString(16).padStart(2, '0')).join(
    '',
  );
}
