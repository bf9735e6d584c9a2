import { randomBytes } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type { MicVerdict } from '../../domain/trust/mic-verdict.ts';
import { channelBindingLabel, channelBindingLength } from '../../protocol/activation/suite.ts';
import { peerChain, plainSource } from './peer-chain.ts';

const noContext = Buffer.alloc(0);

/** Judges the certificate a phone shows; the trust behind it changes. */
export interface EdgeMicJudge {
  /** DER, the phone's own first. */
  inspect(chain: readonly Uint8Array[]): MicVerdict;
  /** Grows with each change of the trust: a verdict of an older age is not good any more. */
  readonly age: number;
}

/** One phone's TLS connection to E, HTTPS or SIP. */
export class PhoneConnection {
  /** Never used again. */
  readonly id = randomBytes(16).toString('base64url');
  readonly source: string;
  readonly serverName: string | undefined;
  readonly #socket: TLSSocket;
  #chain: readonly Uint8Array[] | undefined;
  #binding: Uint8Array | undefined;
  #verdict: MicVerdict | undefined;
  #age = -1;
  /** Requests of one connection are worked on one after the other, also when they are pipelined. */
  tail: Promise<void> = Promise.resolve();
  /** Name of the C that knows this connection: start and prove must reach the same node through it. */
  controller: string | undefined;

  constructor(socket: TLSSocket) {
    this.#socket = socket;
    this.source = plainSource(socket);
    const name: unknown = socket.servername;
    this.serverName = typeof name === 'string' && /^[A-Za-z0-9._:-]{1,253}$/.test(name) ? name : undefined;
  }

  get chain(): readonly Uint8Array[] {
    this.#chain ??= peerChain(this.#socket);
    return this.#chain;
  }

  /** RFC 9266. */
  get channelBinding(): Uint8Array {
    this.#binding ??= this.#socket.exportKeyingMaterial(channelBindingLength, channelBindingLabel, noContext);
    return this.#binding;
  }

  /** Judged anew when the trust has changed since. */
  judge(judge: EdgeMicJudge): MicVerdict {
    if (this.#verdict === undefined || this.#age !== judge.age) {
      this.#verdict = judge.inspect(this.chain);
      this.#age = judge.age;
    }
    return this.#verdict;
  }

  /** Whatever the phone is doing on it. */
  end(): void {
    this.#socket.destroySoon();
  }
}

/** Open connections by the phone that proved to hold the certificate, so that they can be ended when it must go. */
export class OpenConnections {
  readonly #byDevice = new Map<string, Set<PhoneConnection>>();

  add(device: string, connection: PhoneConnection): void {
    const known = this.#byDevice.get(device);
    if (known) known.add(connection);
    else this.#byDevice.set(device, new Set([connection]));
  }

  remove(device: string, connection: PhoneConnection): void {
    const known = this.#byDevice.get(device);
    known?.delete(connection);
    if (known?.size === 0) this.#byDevice.delete(device);
  }

  /** Ends all of one phone's. Returns how many there were. */
  end(device: string): number {
    const known = [...(this.#byDevice.get(device) ?? [])];
    for (const connection of known) connection.end();
    return known.length;
  }
}
