import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { MacAddress } from '../../identifiers/mac-address.ts';
import type { PhoneModel } from '../../identifiers/phone-model.ts';
import { makeWithParents } from '../../kernel/directories.ts';
import { PhoneFault } from '../boot/faults.ts';
import { type Mic, type MicMaker, micOf } from './mic.ts';

/**
 * The certificate a lab phone was made with, kept beside its state: tokens are bound to it, so the same phone must come back with the same one.
 * Made at first use, and again when the manufacturer is another one. Files: `DIR/SEP<MAC>.mic.pem` and `.mic.key`, mode 0600. Throws PhoneFault
 * `state_not_stored`.
 */
export async function keptMic(directory: string, maker: MicMaker, model: PhoneModel, mac: MacAddress): Promise<Mic> {
  const [certificateFile, keyFile] = ['pem', 'key'].map((kind) => join(directory, `SEP${mac}.mic.${kind}`));
  const [chain, key] = await Promise.all(
    [certificateFile!, keyFile!].map((file) => readFile(file, 'utf8').catch(() => '')),
  );
  if (chain !== '' && key !== '') {
    const kept = readable(chain!, key!);
    if (kept !== undefined && kept.product === model.product && maker.made(kept)) return kept;
  }
  const mic = maker.make(model, mac);
  try {
    await makeWithParents(resolve(directory), (each) => mkdir(each, { mode: 0o700 }), dirname);
    await writeFile(keyFile!, mic.key.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600 });
    await writeFile(certificateFile!, mic.chainPem, { mode: 0o600 });
  } catch (cause) {
    throw new PhoneFault('state_not_stored', `The phone's certificate cannot be kept: ${(cause as Error).message}.`);
  }
  return mic;
}

/** A damaged file counts as none. */
function readable(chain: string, key: string): Mic | undefined {
  try {
    return micOf(chain, key);
  } catch {
    return undefined;
  }
}
