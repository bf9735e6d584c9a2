import { Worker } from 'node:worker_threads';
import type { ReadRevocationList, RevocationListReader } from '../../domain/settings/revocation-lists.ts';
import { SettingFault } from '../../domain/settings/setting-fault.ts';
import { revocationLimits } from '../../domain/trust/revocation-list.ts';
import { type SentenceId, say } from '../../texts/say.ts';
import type { RevocationListJob, RevocationListOutcome, RevocationListRefusal } from './revocation-list-job.ts';

/** Reading takes at most so long, in ms; a full list takes a second or two. */
const time = 30_000;
/** Memory of one reading, in MiB. */
const memory = 192;
/** Lists that wait for their turn; more are refused. */
const queue = 4;
/** A list may begin so much after this node's now, in ms: clocks differ. */
const clocksDiffer = 10 * 60_000;

/** Reads one list after the other, each in a thread of its own: a hundred thousand entries would stop the event loop for half a second. */
export function revocationListReader(
  trust: () => Promise<RevocationListJob['trusted']>,
  now: () => number = Date.now,
): RevocationListReader {
  let waiting = 0;
  let last: Promise<unknown> = Promise.resolve();
  return async (octets) => {
    if (waiting >= queue) throw new SettingFault('policy', say('crl_reader_busy'), { detail: { retryAfter: 30 } });
    waiting++;
    const reading = last.then(async () => inThread({ octets, trusted: await trust() }));
    last = reading.catch(() => {});
    try {
      return taken(await reading, now());
    } finally {
      waiting--;
    }
  };
}

async function inThread(job: RevocationListJob): Promise<RevocationListOutcome> {
  const worker = new Worker(new URL('./revocation-list-worker.ts', import.meta.url), {
    workerData: job,
    execArgv: [],
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: memory, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 },
  });
  let late: NodeJS.Timeout | undefined;
  try {
    return await new Promise<RevocationListOutcome>((resolve, reject) => {
      late = setTimeout(() => resolve({ kind: 'refused', refusal: 'too_many' }), time);
      worker.once('message', resolve);
      worker.once('error', (error: Error & { code?: string }) =>
        error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? resolve({ kind: 'refused', refusal: 'too_many' }) : reject(error),
      );
      worker.once('exit', () => reject(new Error('the thread that read a revocation list ended')));
    });
  } finally {
    clearTimeout(late);
    await worker.terminate();
  }
}

function taken(outcome: RevocationListOutcome, now: number): ReadRevocationList {
  if (outcome.kind === 'refused') throw refusal(outcome.refusal);
  const { thisUpdate, nextUpdate, ...rest } = outcome.list;
  if (thisUpdate > now + clocksDiffer) throw new SettingFault('caller', say('crl_unfit.future'));
  return { ...rest, thisUpdate: new Date(thisUpdate), nextUpdate: nextUpdate === null ? null : new Date(nextUpdate) };
}

const texts = {
  unreadable: 'crl_unreadable',
  unknown: 'crl_issuer_unknown',
  not_allowed: 'crl_issuer_unknown.not_allowed',
  forged: 'crl_forged',
  weak: 'crl_unfit.weak',
  delta: 'crl_unfit.delta',
  indirect: 'crl_unfit.indirect',
  attribute_certificates: 'crl_unfit.attribute_certificates',
  unknown_extension: 'crl_unfit.unknown_extension',
  removal: 'crl_unfit.removal',
  too_many: 'crl_too_large',
} as const satisfies Readonly<Record<RevocationListRefusal, SentenceId>>;

const refusal = (why: RevocationListRefusal) =>
  new SettingFault(
    'caller',
    say(texts[why], { size: revocationLimits.octets / 1024 / 1024, entries: revocationLimits.entries }),
  );
