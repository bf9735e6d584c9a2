import { scryptSync } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import { kdfInput, suiteSrp } from '../../protocol/activation/suite.ts';
import { openSslSuiteCrypto } from './suite-crypto.ts';

export interface KdfJob {
  readonly code: string;
  readonly salt: Uint8Array;
}

export type KdfReply = { readonly verifier: Uint8Array } | { readonly error: string };

const srp = suiteSrp(openSslSuiteCrypto());

parentPort?.on('message', ({ code, salt }: KdfJob) => {
  let reply: KdfReply;
  try {
    const { password, salt: kdfSalt, cost, blockSize, parallelization, length } = kdfInput(code, salt);
    const x = scryptSync(password, kdfSalt, length, { N: cost, r: blockSize, p: parallelization });
    reply = { verifier: srp.power(x) };
    x.fill(0);
  } catch (error) {
    reply = { error: error instanceof Error ? error.message : String(error) };
  }
  parentPort?.postMessage(reply);
});
