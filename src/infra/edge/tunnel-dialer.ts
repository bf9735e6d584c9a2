import { createHash, timingSafeEqual } from 'node:crypto';
import { connect, type TLSSocket } from 'node:tls';
import type { Log } from '../../kernel/log.ts';
import { tunnelProtocol } from '../../protocol/tunnel/pairing.ts';
import type { PinnedIdentity } from './own-keys.ts';

/** Where an E is, and which certificate it shows there. */
export interface DialTarget {
  readonly name: string;
  /** `203.0.113.5:7001` */
  readonly address: string;
  /** Lower-case hex. */
  readonly certificateSha256: string;
}

export interface DialerOptions {
  readonly identity: PinnedIdentity;
  readonly target: DialTarget;
  /** Tunnels to keep up. */
  readonly tunnels: number;
  readonly onTunnel: (socket: TLSSocket) => void;
  /** Why there is none at the moment; undefined: there is one. */
  readonly onState: (problem: string | undefined) => void;
  readonly log: Log;
}

const patience = 8_000;
const soonest = 100;
const latest = 5_000;
/** A tunnel that stood this long was a good one: the next attempt is soon again. In ms. */
const stood = 10_000;

/** Keeps tunnels to one E up, for as long as it lives. Attempts are spread: at most 5 s apart, never in step with other Cs. */
export class TunnelDialer implements Disposable {
  readonly #options: DialerOptions;
  readonly #stop = new AbortController();
  readonly #sockets = new Set<TLSSocket>();

  constructor(options: DialerOptions) {
    this.#options = options;
    for (let i = 0; i < options.tunnels; i++) void this.#keep();
  }

  get up(): number {
    return this.#sockets.size;
  }

  async #keep(): Promise<void> {
    const { signal } = this.#stop;
    let wait = soonest;
    while (!signal.aborted) {
      const since = performance.now();
      try {
        const socket = await dial(this.#options.target, this.#options.identity, [tunnelProtocol], signal);
        this.#sockets.add(socket);
        const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
        this.#options.onState(undefined);
        this.#options.onTunnel(socket);
        await closed;
        this.#sockets.delete(socket);
        if (this.#sockets.size === 0 && !signal.aborted) this.#options.onState('the tunnel was cut');
      } catch (error) {
        if (signal.aborted) return;
        const { message } = error as Error;
        if (this.#sockets.size === 0) this.#options.onState(message);
        this.#options.log.debug({ err: error, edge: this.#options.target.name }, 'an Expressway-E cannot be reached');
      }
      wait = performance.now() - since > stood ? soonest : Math.min(latest, wait * 2);
      await pause(wait * (0.5 + Math.random() / 2), signal);
    }
  }

  [Symbol.dispose](): void {
    this.#stop.abort();
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** A secure connection whose other end shows the pinned certificate; nothing was sent yet. Rejects with a sentence for the administrator. */
export function dial(
  { address, certificateSha256 }: Pick<DialTarget, 'address' | 'certificateSha256'>,
  identity: PinnedIdentity,
  protocols: string[],
  signal?: AbortSignal,
): Promise<TLSSocket> {
  const { host, port } = placeOf(address);
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port,
      key: identity.key,
      cert: identity.cert,
      minVersion: 'TLSv1.3',
      ALPNProtocols: protocols,
      // The certificate is pinned: names and authorities say nothing about it.
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
    });
    socket.setNoDelay(true);
    const give = () => socket.destroy(new Error('stopped'));
    signal?.addEventListener('abort', give, { once: true });
    const late = setTimeout(() => socket.destroy(new Error(`${address} does not answer`)), patience);
    const failed = (error: Error) =>
      reject(new Error(`${address} cannot be reached: ${error.message}`, { cause: error }));
    socket.on('error', failed);
    socket.once('close', () => {
      clearTimeout(late);
      signal?.removeEventListener('abort', give);
      failed(new Error('it closed the connection'));
    });
    socket.once('secureConnect', () => {
      clearTimeout(late);
      const shown = socket.getPeerX509Certificate();
      const sha256 = createHash('sha256')
        .update(shown?.raw ?? '')
        .digest();
      const pinned = Buffer.from(certificateSha256, 'hex');
      if (sha256.length !== pinned.length || !timingSafeEqual(sha256, pinned)) {
        socket.destroy(new Error('it shows another certificate than the one it was paired with'));
        return;
      }
      if (socket.alpnProtocol !== protocols[0]) {
        socket.destroy(new Error('there is something else at this address'));
        return;
      }
      socket.off('error', failed);
      socket.on('error', () => socket.destroy());
      resolve(socket);
    });
  });
}

/** `[2001:db8::5]:7001` → host without brackets. */
export function placeOf(address: string): { readonly host: string; readonly port: number } {
  const colon = address.lastIndexOf(':');
  return { host: address.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(address.slice(colon + 1)) };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
