import type { Socket } from 'node:net';
import { concat } from '../../kernel/bytes.ts';
import { MalformedError } from '../../kernel/errors.ts';
import type { PhoneVouch } from '../../protocol/edge-access/phone-vouch.ts';
import { readSipPreface } from '../../protocol/edge-access/sip-preface.ts';

/**
 * Whom an Expressway-C's connection carries; what follows stays unread in the socket, which is left paused. Undefined: it did not say so in time, or
 * not in the right form, and was closed.
 */
export function readPreface(socket: Socket, patienceMs: number): Promise<PhoneVouch | undefined> {
  return new Promise((resolve) => {
    let held: Uint8Array = new Uint8Array(0);
    const done = (vouch: PhoneVouch | undefined) => {
      clearTimeout(late);
      socket.off('data', read);
      socket.off('close', gone);
      if (vouch === undefined) socket.destroy();
      resolve(vouch);
    };
    const gone = () => done(undefined);
    const late = setTimeout(gone, patienceMs).unref();
    const read = (chunk: Buffer) => {
      held = held.length === 0 ? chunk : concat(held, chunk);
      try {
        const preface = readSipPreface(held);
        if (preface === undefined) return;
        socket.pause();
        if (preface.rest.length > 0) socket.unshift(preface.rest);
        done(preface.vouch);
      } catch (error) {
        if (!(error instanceof MalformedError)) throw error;
        done(undefined);
      }
    };
    socket.on('data', read);
    socket.once('close', gone);
  });
}
