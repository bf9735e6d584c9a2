import { statfs } from 'node:fs/promises';

/** Less than this (octets) is as good as nothing: PostgreSQL writes its log in files of 16 MiB. */
const reserve = 16 * 1024 * 1024;
const lookEvery = 2_000;
/** What the database said once holds for so long, in ms, unless it says it again. */
const saidFor = 10_000;

export interface DiskWatch extends Disposable {
  /** In plain words; undefined: there is room. */
  problem(): string | undefined;
  /** The database refused something because its disk is full. */
  databaseIsFull(): void;
}

/** Looks at the disk of a directory, and listens to a database that may have another one. */
export function watchDisk(directory: string): DiskWatch {
  let low = false;
  let fullUntil = 0;
  const look = () => {
    statfs(directory).then(
      ({ bavail, bsize }) => {
        low = bavail * bsize < reserve;
      },
      () => {},
    );
  };
  look();
  const timer = setInterval(look, lookEvery).unref();
  return {
    problem() {
      if (performance.now() < fullUntil) return 'the disk of the database is full';
      return low ? `the disk of ${directory} is full: less than 16 MiB are left` : undefined;
    },
    databaseIsFull() {
      fullUntil = performance.now() + saidFor;
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
