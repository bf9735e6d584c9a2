import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/**
 * Ties processes to one core, where the machine has taskset and more than one core: a figure "per core" must not borrow from another one.
 * False where it is not done.
 */
export function pin(core: number, ...pids: readonly (number | undefined)[]): boolean {
  if (availableParallelism() < 2) return false;
  return pids.every(
    (pid) => spawnSync('taskset', ['-a', '-c', '-p', String(core), String(pid)], { stdio: 'ignore' }).status === 0,
  );
}

/** Linux only; empty elsewhere. */
export function childrenOf(pid: number): readonly number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim().split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}
