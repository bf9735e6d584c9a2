import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const list = 'migrations/released.sha256';

/** Released migrations whose file is not what the list says, by name. */
export function editedMigrations(root: string): readonly string[] {
  return readFileSync(join(root, list), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .filter((line) => line !== lineOf(root, line.slice(66)))
    .map((line) => line.slice(66));
}

/** The list with all migrations that there are: those of the cluster, then those of the cloud, in their order. */
export function listOfMigrations(root: string): string {
  const [heading] = readFileSync(join(root, list), 'utf8').split('\n');
  const names = ['*.sql', 'cloud/*.sql'].flatMap((glob) => globSync(glob, { cwd: join(root, 'migrations') }).sort());
  return `${[heading, ...names.map((name) => lineOf(root, name))].join('\n')}\n`;
}

/** As `sha256sum` prints it. */
function lineOf(root: string, name: string): string {
  try {
    const content = readFileSync(join(root, 'migrations', name));
    return `${createHash('sha256').update(content).digest('hex')}  ${name}`;
  } catch {
    return `taken away  ${name}`;
  }
}
