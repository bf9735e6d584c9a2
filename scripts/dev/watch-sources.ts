import { type FSWatcher, watch } from 'node:fs';
import { join, sep } from 'node:path';

/** What a running node is made of. Pages have hot reload of their own, and tests are no part of it. */
const folders = ['src', 'migrations'];
const pages = join('src', 'web') + sep;
/** Editors and git write several files at once. In ms. */
const settled = 150;

/** Calls back with the path from `root` of a file that changed, once for what changes at once. */
export function watchSources(root: string, changed: (path: string) => void): { close(): void } {
  let timer: NodeJS.Timeout | undefined;
  const watchers: FSWatcher[] = folders.map((folder) =>
    watch(join(root, folder), { recursive: true }, (_event, name) => {
      if (name === null) return;
      const path = join(folder, name);
      if (!/\.(ts|sql|json)$/.test(path) || path.endsWith('.test.ts') || path.startsWith(pages)) return;
      clearTimeout(timer);
      timer = setTimeout(() => changed(path), settled);
    }),
  );
  return {
    close() {
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
    },
  };
}
