import type { RemoteAccess } from '../mra/model.ts';
import type { Held } from './state.ts';
import type { BootEffect, StoredPhone } from './types.ts';

/** What a phone keeps over a restart, in the parts that can be changed apart from each other. */
export type Part =
  | 'identity'
  | 'trust-list'
  | 'servers'
  | 'configuration'
  | 'firmware'
  /** Activation domain and PhoneEdge-trust. */
  | 'edge'
  | 'service-domain'
  | 'tokens';

/** Who says that something of it is to change. */
export type Word =
  /** The sealed reply behind M2. */
  | 'proof'
  /** A trust list signed by a SAST certificate of the one the phone holds. */
  | 'signed-list'
  /** A full configuration file signed by a certificate of that list. */
  | 'signed-file'
  /** An activation-only file, signed in the same way: the phone is locked until a code is entered. */
  | 'signed-lock'
  /** A full file through an edge that the proof named. It carries no signature where the phone was given no trust list. */
  | 'edge-file'
  /** New tokens for the old ones, from that edge. */
  | 'token-answer'
  /** The phone itself found that the tokens of its proof are not for it. */
  | 'own-check'
  /** Firmware that was fetched and verified. */
  | 'firmware'
  /**
   * Everything else: a file that is absent, empty, unsigned or foreign, a server that was rebuilt, XMLDefault, TVS, a refusal of the activation
   * service, a SIP 4xx, the cloud, an edge before the proof, tokens that are refused.
   */
  | 'unproved';

const all = [
  'identity',
  'trust-list',
  'servers',
  'configuration',
  'firmware',
  'edge',
  'service-domain',
  'tokens',
] as const;

/**
 * The one rule of what takes away what a phone has: a signed file, a new proof, or the person in front of it, who erases the whole store
 * (factory reset, `--erase`, `--reset-service-mode`) and needs no word here. No answer that anybody on the path could give is among them.
 */
export const mayChange: Readonly<Record<Word, readonly Part[]>> = {
  proof: all,
  'signed-list': ['trust-list'],
  'signed-file': ['configuration', 'service-domain'],
  // As from the box: it may be shipped to another place now.
  'signed-lock': all,
  'edge-file': ['configuration', 'service-domain'],
  'token-answer': ['tokens'],
  'own-check': ['edge', 'service-domain', 'tokens'],
  firmware: ['firmware'],
  unproved: [],
};

/**
 * The phone after `word` told it `told`: what the word may not change stays as it was. Undefined: the phone keeps nothing yet, and this word
 * does not begin it; only a proof does.
 */
export function kept(word: Word, before: StoredPhone | undefined, told: StoredPhone): StoredPhone | undefined {
  if (before === undefined) return word === 'proof' ? told : undefined;
  const from = (part: Part) => (mayChange[word].includes(part) ? told : before);
  // A list signed by a held one needs a held one: without it this would be trust on first use.
  const trustFrom = word === 'signed-list' && before.trust === undefined ? before : from('trust-list');
  return {
    deviceName: before.deviceName,
    activationId: from('identity').activationId,
    digest: from('identity').digest,
    trust: trustFrom.trust,
    tftp: from('servers').tftp,
    load: from('firmware').load,
    configuration: from('configuration').configuration,
    remote: remoteAfter(word, before.remote, told.remote),
  };
}

function remoteAfter(word: Word, before: RemoteAccess | undefined, told: RemoteAccess | undefined) {
  const may = mayChange[word];
  // The way outside as a whole comes and goes with the edge it leads to.
  if (before === undefined || told === undefined) return may.includes('edge') ? told : before;
  const from = (part: Part) => (may.includes(part) ? told : before);
  return {
    activationDomain: from('edge').activationDomain,
    edgeTrust: from('edge').edgeTrust,
    serviceDomain: from('service-domain').serviceDomain,
    tokens: from('tokens').tokens,
  };
}

/** Changes what a phone keeps, in memory and in its store. No effect on one that keeps nothing yet. */
export function keeping(
  word: Exclude<Word, 'proof' | 'signed-lock'>,
  held: Held,
  told: Partial<StoredPhone>,
): { readonly held: Held; readonly effects: readonly BootEffect[] } {
  const phone = held.stored && kept(word, held.stored, { ...held.stored, ...told });
  return phone === undefined || mayChange[word].length === 0
    ? { held, effects: [] }
    : { held: { ...held, stored: phone }, effects: [{ type: 'store', phone }] };
}

/**
 * After an activation-only file: nothing is kept, where a trust list says that the file is signed. What the phone holds in memory of this boot
 * (the list, the servers) serves the code that comes next.
 */
export function locking(held: Held): { readonly held: Held; readonly effects: readonly BootEffect[] } {
  if (held.stored === undefined || held.trust === undefined) return { held, effects: [] };
  return { held: { ...held, stored: undefined }, effects: [{ type: 'wipe' }] };
}
