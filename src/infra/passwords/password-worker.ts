import { parentPort } from 'node:worker_threads';
import { loadPasswordGauge } from '../../identifiers/password-strength.ts';
import { hashPassword, type ScryptCost, verifyPassword } from './phc.ts';

export type PasswordJob =
  | {
      readonly id: number;
      readonly kind: 'hash';
      readonly password: string;
      readonly salt: Uint8Array;
      readonly cost: ScryptCost;
    }
  | { readonly id: number; readonly kind: 'verify'; readonly password: string; readonly phc: string }
  | { readonly id: number; readonly kind: 'strength'; readonly password: string; readonly about: readonly string[] };

export type PasswordAnswer =
  | { readonly id: number; readonly result: string | boolean | number }
  | { readonly id: number; readonly error: string };

async function work(job: PasswordJob): Promise<string | boolean | number> {
  switch (job.kind) {
    case 'hash':
      return hashPassword(job.password, job.salt, job.cost);
    case 'verify':
      return verifyPassword(job.password, job.phc);
    case 'strength':
      return (await loadPasswordGauge())(job.password, job.about);
  }
}

parentPort!.on('message', async (job: PasswordJob) => {
  let answer: PasswordAnswer;
  try {
    const result = await work(job);
    answer = { id: job.id, result };
  } catch (error) {
    answer = { id: job.id, error: error instanceof Error ? error.message : String(error) };
  }
  parentPort!.postMessage(answer);
});
