import { createHmac, timingSafeEqual } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { EdgeFault } from '../../domain/edge/edge-fault.ts';
import { toHex } from '../../kernel/bytes.ts';
import { MalformedError } from '../../kernel/errors.ts';
import { channelBindingLabel, channelBindingLength } from '../../protocol/activation/suite.ts';
import { LineReader } from '../../protocol/tunnel/lines.ts';
import {
  type PairingText,
  pairingProofInput,
  pairingProtocol,
  readPairingAnswer,
  readPairingText,
  writePairingOffer,
} from '../../protocol/tunnel/pairing.ts';
import { say } from '../../texts/say.ts';
import type { PinnedIdentity } from './own-keys.ts';
import { dial } from './tunnel-dialer.ts';

/** An E that C knows. */
export interface PairedEdge {
  readonly name: string;
  readonly address: string;
  /** Lower-case hex. */
  readonly certificateSha256: string;
  /** Raw Ed25519 public key, base64url. */
  readonly assertionKey: string;
}

const patience = 10_000;

/** C's side of pairing (src/protocol/tunnel/pairing.ts). `now` in milliseconds. Throws EdgeFault. */
export async function pairWithEdge(
  given: string,
  identity: PinnedIdentity,
  name: string,
  now: number,
): Promise<PairedEdge> {
  const text = read(given);
  if (text.expiresAt * 1000 < now) {
    throw new EdgeFault('caller', say('pairing_text_expired', { name: text.name }), { field: 'pairingText' });
  }
  const certificateSha256 = toHex(text.certificateSha256);
  const socket = await dial({ address: text.address, certificateSha256 }, identity, [pairingProtocol]).catch(
    (cause: Error) => {
      throw new EdgeFault('peer', say('edge_unreachable', { message: cause.message }), { cause });
    },
  );
  try {
    const binding = socket.exportKeyingMaterial(channelBindingLength, channelBindingLabel, Buffer.alloc(0));
    const certificates = { c: Buffer.from(identity.sha256, 'hex'), e: text.certificateSha256 };
    const proof = (side: 'C' | 'E') =>
      createHmac('sha256', text.secret)
        .update(pairingProofInput(side, binding, certificates))
        .digest();
    socket.write(writePairingOffer({ name, proof: proof('C') }));
    const answer = readPairingAnswer(await line(socket));
    if (!answer.accepted || !timingSafeEqual(answer.proof, proof('E'))) throw refused(text);
    return {
      name: text.name,
      address: text.address,
      certificateSha256,
      assertionKey: Buffer.from(text.assertionKey).toString('base64url'),
    };
  } catch (error) {
    if (error instanceof EdgeFault) throw error;
    throw refused(text, error);
  } finally {
    socket.destroy();
  }
}

const refused = (text: PairingText, cause?: unknown) =>
  new EdgeFault('peer', say('pairing_refused', { name: text.name }), { field: 'pairingText', cause });

function read(given: string): PairingText {
  try {
    return readPairingText(given);
  } catch (cause) {
    if (!(cause instanceof MalformedError)) throw cause;
    throw new EdgeFault('caller', say('pairing_text_invalid'), { field: 'pairingText', cause });
  }
}

function line(socket: TLSSocket): Promise<string> {
  return new Promise((resolve, reject) => {
    const lines = new LineReader(1024);
    const late = setTimeout(() => socket.destroy(), patience);
    socket.on('data', (chunk: Buffer) => {
      try {
        for (const each of lines.push(chunk)) resolve(each);
      } catch (error) {
        reject(error);
      }
    });
    socket.once('close', () => {
      clearTimeout(late);
      reject(new Error('Expressway-E closed the connection'));
    });
  });
}
