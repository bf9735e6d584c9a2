import { readFile } from 'node:fs/promises';
import { EdgeFault } from '../../domain/edge/edge-fault.ts';
import { say } from '../../texts/say.ts';
import { writeWhole } from '../data-directory/files.ts';

/** What a role keeps between two runs: one JSON file, 0600, whole or not at all. Changes are written one after another. */
export class StateFile<T> {
  readonly #path: string;
  #value: T;
  #writing: Promise<void> = Promise.resolve();

  constructor(path: string, value: T) {
    this.#path = path;
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  /** The new value holds once it is on disk; when `change` throws, nothing changes. */
  async change(change: (now: T) => T): Promise<T> {
    const turn = this.#writing.then(async () => {
      const next = change(this.#value);
      if (next === this.#value) return;
      await writeWhole(this.#path, `${JSON.stringify(next, undefined, 2)}\n`);
      this.#value = next;
    });
    this.#writing = turn.catch(() => {});
    await turn;
    return this.#value;
  }
}

/** `initial` when there is no file. `fits` refuses what is not such a state. Throws EdgeFault `state_unreadable`. */
export async function openStateFile<T>(
  path: string,
  initial: T,
  fits: (value: unknown) => value is T,
): Promise<StateFile<T>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new StateFile(path, initial);
    throw error;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (!fits(value)) {
    throw new EdgeFault('ours', say('state_unreadable', { path }));
  }
  return new StateFile(path, value);
}
