import { createPrivateKey, createPublicKey, scryptSync } from 'node:crypto';
import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { derChildren, derOctetAligned, derUnsigned, readDer } from '../../kernel/der.ts';
import { kdfInput } from '../../protocol/activation/suite.ts';
import { rfc5054Group3072 } from '../../protocol/srp/group.ts';
import { octetsOf } from '../../protocol/srp/integer.ts';

export interface KdfJob {
  readonly code: string;
  readonly salt: Uint8Array;
}

export type KdfReply = { readonly verifier: Uint8Array } | { readonly error: string };

/**
 * g^x by OpenSSL as the public key of the private key x: a key object is made at once, where createDiffieHellman would test the prime for
 * 1.7 s first. PKCS#8 of a Diffie-Hellman key (PKCS #3 §9): SEQUENCE { 0, { dhKeyAgreement, { p, g } }, OCTET STRING { INTEGER x } }.
 */
function generatorPower(x: Uint8Array): Uint8Array {
  const pkcs8 = sequence(
    integer(Uint8Array.of(0)),
    sequence(
      Buffer.from('06092a864886f70d010301', 'hex'),
      sequence(integer(octetsOf(rfc5054Group3072.prime, 384)), integer(Uint8Array.of(rfc5054Group3072.generator))),
    ),
    tagged(0x04, integer(x)),
  );
  const key = createPublicKey(createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }));
  const spki = key.export({ format: 'der', type: 'spki' });
  const value = derUnsigned(readDer(derOctetAligned(derChildren(readDer(spki))[1])));
  const padded = Buffer.alloc(384);
  padded.set(value, 384 - value.length);
  return padded;
}

function tagged(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const head =
    length < 0x80 ? [tag, length] : length < 0x100 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), content]);
}

const sequence = (...parts: readonly Uint8Array[]) => tagged(0x30, ...parts);

function integer(unsigned: Uint8Array): Buffer {
  let start = 0;
  while (start < unsigned.length - 1 && unsigned[start] === 0) start++;
  const rest = unsigned.subarray(start);
  return tagged(0x02, rest[0]! & 0x80 ? Buffer.concat([Uint8Array.of(0), rest]) : rest);
}

// On Linux 0 is the calling thread; elsewhere it would be the whole process.
if ((workerData as { patient?: boolean } | null)?.patient && process.platform === 'linux')
  setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL);

parentPort?.on('message', ({ code, salt }: KdfJob) => {
  let reply: KdfReply;
  try {
    const { password, salt: kdfSalt, cost, blockSize, parallelization, length } = kdfInput(code, salt);
    const x = scryptSync(password, kdfSalt, length, { N: cost, r: blockSize, p: parallelization });
    reply = { verifier: generatorPower(x) };
    x.fill(0);
  } catch (error) {
    reply = { error: error instanceof Error ? error.message : String(error) };
  }
  parentPort?.postMessage(reply);
});
