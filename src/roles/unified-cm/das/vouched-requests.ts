import { hash } from 'node:crypto';
import type { Worker } from 'node:worker_threads';
import { answerRefusal, type DasAnswer } from '../../../endpoints/das/das-answer.ts';
import { busy } from '../../../endpoints/das/das-desk.ts';
import type { DasStep } from '../../../endpoints/das/das-service.ts';
import type { VouchedRequest } from '../../../protocol/edge-access/requests.ts';
import type { ToDasThread } from './messages.ts';

/** Where a MIC's handshakes live, remembered while its requests keep coming, in ms. */
const remembered = 120_000;

/** Hands requests from outside to the activation threads and matches the answers. */
export class VouchedRequests {
  readonly #waiting = new Map<number, { readonly worker: Worker; readonly resolve: (answer: DasAnswer) => void }>();
  readonly #places = new Map<string, { readonly worker: Worker; usedAt: number }>();
  #next = 1;

  ask(workers: readonly Worker[], expressway: string, step: DasStep, request: VouchedRequest): Promise<DasAnswer> {
    const worker = this.#placeOf(workers, request);
    if (worker === undefined) return Promise.resolve(answerRefusal(busy()));
    const id = this.#next++;
    return new Promise((resolve) => {
      this.#waiting.set(id, { worker, resolve });
      worker.postMessage({ type: 'vouched', id, expressway, step, request } satisfies ToDasThread);
    });
  }

  answered(id: number, answer: DasAnswer): void {
    this.#waiting.get(id)?.resolve(answer);
    this.#waiting.delete(id);
  }

  /** Its handshakes are lost; the phones start them again. */
  gone(worker: Worker): void {
    for (const [key, place] of this.#places) if (place.worker === worker) this.#places.delete(key);
    for (const [id, waiting] of this.#waiting) {
      if (waiting.worker !== worker) continue;
      this.#waiting.delete(id);
      waiting.resolve(answerRefusal(busy()));
    }
  }

  /** By the MIC, wherever it comes from. Threads join and leave, so a place once given is kept while it is in use. */
  #placeOf(workers: readonly Worker[], { vouch }: VouchedRequest): Worker | undefined {
    const now = performance.now();
    for (const [key, { usedAt }] of this.#places) {
      if (now - usedAt <= remembered) break;
      this.#places.delete(key);
    }
    const digest = hash('sha256', vouch.chain[0] ?? new Uint8Array(0), 'buffer');
    const key = digest.toString('base64');
    const worker = this.#places.get(key)?.worker ?? workers[digest.readUInt32BE(0) % Math.max(1, workers.length)];
    if (worker === undefined) return undefined;
    this.#places.delete(key);
    this.#places.set(key, { worker, usedAt: now });
    return worker;
  }
}
