import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where the built pages lie; undefined when they were not built. */
export function builtWeb(): string | undefined {
  const directory = fileURLToPath(new URL('../../dist/web', import.meta.url));
  return existsSync(directory) ? directory : undefined;
}
