import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import {
  type ClientOutcome,
  type ClientTransferEvent,
  clientTimeout,
  startRead,
  stepClientTransfer,
} from '../../protocol/tftp/client-transfer.ts';
import type { HostPort } from '../boot/types.ts';

export interface TftpReadOptions {
  /** Octets. */
  readonly maxSize: number;
  /** Milliseconds until the first repetition; the pauses double. */
  readonly baseTimeoutMs: number;
  readonly signal: AbortSignal;
}

/** Reads one file. Resolves with what became of it; rejects only when aborted or the host has no address. */
export async function tftpRead(server: HostPort, fileName: string, options: TftpReadOptions): Promise<ClientOutcome> {
  const { signal, maxSize, baseTimeoutMs } = options;
  signal.throwIfAborted();
  const address = isIP(server.host) === 0 ? (await lookup(server.host)).address : server.host;
  const socket = createSocket(isIP(address) === 6 ? 'udp6' : 'udp4');
  let step = startRead({ fileName, blockSize: 1428, windowSize: 4, maxSize, baseTimeoutMs });
  return await new Promise<ClientOutcome>((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    let failed = false;
    const close = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      socket.close();
    };
    const abort = () => {
      close();
      reject(signal.reason);
    };
    const carryOut = () => {
      for (const effect of step.effects) socket.send(effect.bytes, effect.port ?? server.port, address);
      const { outcome } = step.transfer;
      if (outcome !== undefined) {
        // The last ACK leaves before the socket does.
        setImmediate(() => {
          close();
          resolve(outcome);
        });
        failed = true;
        return;
      }
      clearTimeout(timer);
      timer = setTimeout(() => advance({ type: 'timeout' }), clientTimeout(step.transfer));
    };
    const advance = (event: ClientTransferEvent) => {
      if (failed) return;
      step = stepClientTransfer(step.transfer, event);
      carryOut();
    };
    socket.on('message', (bytes, peer) => {
      if (peer.address === address) advance({ type: 'datagram', bytes, port: peer.port });
    });
    socket.on('error', () => {
      if (failed) return;
      failed = true;
      close();
      resolve({ type: 'silent' });
    });
    signal.addEventListener('abort', abort, { once: true });
    carryOut();
  });
}
