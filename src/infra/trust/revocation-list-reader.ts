import { Worker } from 'node:worker_threads';
import type { ReadRevocationList, RevocationListReader } from '../../domain/settings/revocation-lists.ts';
import { SettingFault, type SettingFaultCode } from '../../domain/settings/setting-fault.ts';
import { revocationLimits } from '../../domain/trust/revocation-list.ts';
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
    if (waiting >= queue)
      throw new SettingFault('policy', 'crl_reader_busy', 'Too many revocation lists are being read at once.', {
        remedy: 'Try again in a minute.',
        detail: { retryAfter: 30 },
      });
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
  if (thisUpdate > now + clocksDiffer)
    throw fault('crl_unfit', 'The list begins in the future.', 'Look at the clock of this node; else upload it then.');
  return { ...rest, thisUpdate: new Date(thisUpdate), nextUpdate: nextUpdate === null ? null : new Date(nextUpdate) };
}

const fault = (code: SettingFaultCode, message: string, remedy: string) =>
  new SettingFault('caller', code, message, { remedy });

const complete = "Upload the manufacturer's complete list, signed by the authority that issued the certificates.";

const refusals: Readonly<Record<RevocationListRefusal, readonly [SettingFaultCode, string, string]>> = {
  unreadable: [
    'crl_unreadable',
    'That is not exactly one certificate revocation list.',
    'Upload one list (RFC 5280) as DER or PEM.',
  ],
  unknown: [
    'crl_issuer_unknown',
    'No authority in CallManager-trust that leads to a root of manufacturing certificates has the name and key of the issuer.',
    'Upload the certificate of the authority that signed the list to CallManager-trust first, and its root.',
  ],
  not_allowed: [
    'crl_issuer_unknown',
    'The certificate of the authority that signed the list does not let it sign lists (key usage cRLSign).',
    complete,
  ],
  forged: ['crl_forged', 'The signature is not that of the authority the list names.', 'Fetch the list again.'],
  weak: [
    'crl_unfit',
    'The list is signed with a key or hash that is too weak.',
    'Upload one signed with SHA-256 or better, or let the root carry SHA-1 signatures (legacySha1).',
  ],
  delta: ['crl_unfit', 'It is a delta list: it names only what changed.', complete],
  indirect: ['crl_unfit', 'It is an indirect list: it speaks of certificates of other authorities.', complete],
  attribute_certificates: ['crl_unfit', 'It speaks of attribute certificates only.', complete],
  unknown_extension: ['crl_unfit', 'It has a critical extension that is not known here.', complete],
  removal: ['crl_unfit', 'It has an entry with reason removeFromCRL, which only a delta list may have.', complete],
  too_many: [
    'crl_too_large',
    `A list may have ${revocationLimits.octets / 1024 / 1024} MiB in DER and name ${revocationLimits.entries} certificates.`,
    'Ask the manufacturer for a list without certificates that have expired, or for lists by part (distribution point).',
  ],
};

const refusal = (why: RevocationListRefusal) => fault(...refusals[why]);
