import { readFileSync } from 'node:fs';

/** Where the system does not say. */
const usual = 10_240;

/** How many descriptors this process may have open. Node raises its limit to what the system allows before anything runs. */
export function openFileLimit(): number {
  try {
    const found = /^Max open files\s+(\d+|unlimited)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return found === undefined ? usual : found === 'unlimited' ? 1_048_576 : Number(found);
  } catch {
    return usual;
  }
}
