import { createSocket } from 'node:dgram';
import {
  type ClientOutcome,
  clientTimeout,
  type ReadRequest,
  startRead,
  stepClientTransfer,
} from '../../../src/protocol/tftp/client-transfer.ts';

/** Drives our own client machine over a real socket. */
export function readOverTftp(port: number, request: ReadRequest): Promise<ClientOutcome> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    let step = startRead(request);
    let timer: NodeJS.Timeout | undefined;
    const act = () => {
      for (const effect of step.effects) socket.send(effect.bytes, effect.port ?? port, '127.0.0.1');
      clearTimeout(timer);
      const { outcome } = step.transfer;
      if (outcome !== undefined) {
        // The last ACK must leave before the socket goes.
        setImmediate(() => socket.close());
        resolve(outcome);
        return;
      }
      timer = setTimeout(() => {
        step = stepClientTransfer(step.transfer, { type: 'timeout' });
        act();
      }, clientTimeout(step.transfer));
    };
    socket.on('error', reject);
    socket.on('message', (bytes, peer) => {
      if (step.transfer.outcome !== undefined) return;
      step = stepClientTransfer(step.transfer, { type: 'datagram', bytes, port: peer.port });
      act();
    });
    socket.bind(0, '127.0.0.1', act);
  });
}

/**
 * Sends datagrams from one socket and collects what comes back: first until `atLeast` answers are there, however long that takes, then until
 * nothing came for `quiet` milliseconds.
 */
export function exchange(
  port: number,
  datagrams: readonly Uint8Array[],
  { quiet = 50, atLeast = 1 }: { readonly quiet?: number; readonly atLeast?: number } = {},
): Promise<readonly { readonly bytes: Buffer; readonly port: number }[]> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    const heard: { bytes: Buffer; port: number }[] = [];
    let timer: NodeJS.Timeout;
    const wait = () => {
      clearTimeout(timer);
      if (heard.length < atLeast) return;
      timer = setTimeout(() => {
        socket.close();
        resolve(heard);
      }, quiet);
    };
    socket.on('message', (bytes, peer) => {
      heard.push({ bytes, port: peer.port });
      wait();
    });
    socket.bind(0, '127.0.0.1', () => {
      for (const datagram of datagrams) socket.send(datagram, port, '127.0.0.1');
      wait();
    });
  });
}
