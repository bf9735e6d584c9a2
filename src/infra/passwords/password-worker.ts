import { parentPort } from 'node:worker_threads';
import { hashPassword, type ScryptCost, verifyPassword } from './phc.ts';

export type PasswordJob =
  | {
      readonly id: number;
      readonly kind: 'hash';
      readonly password: string;
      readonly salt: Uint8Array;
      readonly cost: ScryptCost;
    }
  | { readonly id: number; readonly kind: 'verify'; readonly password: string; readonly phc: string };

export type PasswordAnswer =
  | { readonly id: number; readonly result: string | boolean }
  | { readonly id: number; readonly error: string };

parentPort!.on('message', (job: PasswordJob) => {
  let answer: PasswordAnswer;
  try {
    const result =
      job.kind === 'hash' ? hashPassword(job.password, job.salt, job.cost) : verifyPassword(job.password, job.phc);
    answer = { id: job.id, result };
  } catch (error) {
    answer = { id: job.id, error: error instanceof Error ? error.message : String(error) };
  }
  parentPort!.postMessage(answer);
});
