import type { Sealer } from '../../domain/ports.ts';
import { derivedKey } from './key-encryption-key.ts';

/**
 * Keys that were derived from the first key-encryption key and must outlive it: the salts of locators that do not exist stay what they were, or
 * asking before and after a change of the key would tell which exist; and a code is never given twice. Sealed among the cluster's secrets.
 */
export const keptPurposes = { issuedCodes: 'issued codes', decoys: 'decoy records' } as const;
export type KeptKey = keyof typeof keptPurposes;
export type KeptKeys = Readonly<Record<KeptKey, Uint8Array>>;

export const keptSecretName = (key: KeptKey): string => `kept-key:${keptPurposes[key]}`;

/** `stored`: the cluster's secrets by name. What is not stored is derived: the key was never changed. */
export function keptKeys(key: Uint8Array, sealer: Sealer, stored: ReadonlyMap<string, Uint8Array>): KeptKeys {
  const one = (which: KeptKey) => {
    const sealed = stored.get(keptSecretName(which));
    return sealed === undefined
      ? derivedKey(key, keptPurposes[which])
      : new Uint8Array(sealer.open(keptSecretName(which), sealed));
  };
  return { issuedCodes: one('issuedCodes'), decoys: one('decoys') };
}
