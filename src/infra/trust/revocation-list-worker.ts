import { parentPort, workerData } from 'node:worker_threads';
import { doRevocationListJob, type RevocationListJob } from './revocation-list-job.ts';

/** One list, then the thread ends. */
parentPort?.postMessage(doRevocationListJob(workerData as RevocationListJob));
