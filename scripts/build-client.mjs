// Makes dist/client, the typed client of the REST APIs: types from the OpenAPI documents, and the client compiled to JavaScript, as a package that can be
// copied or installed elsewhere. Only when the sources changed since the last time. Quiet unless it fails.
// The program itself and its pages need the types only to be checked, never to run.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, whenChanged } from './when-changed.mjs';

const out = join(root, 'dist', 'client');

await whenChanged(
  {
    stamp: 'dist/client.sha256',
    result: 'dist/client/package.json',
    // What the OpenAPI documents are made of.
    folders: [
      'scripts/client',
      'src/contract',
      'src/endpoints',
      'src/roles',
      'src/domain',
      'src/identifiers',
      'src/kernel',
      'src/texts',
    ],
    files: ['scripts/build-client.mjs', 'package.json', 'package-lock.json'],
  },
  build,
);

async function build() {
  const compiler = join(root, 'node_modules', 'typescript-7', 'bin', 'tsc');
  if (!existsSync(compiler)) {
    process.stderr.write(
      'firstring: the client in TypeScript is not built: the compiler is left out here (--omit=dev or NODE_ENV=production)\n',
    );
    return process.exit(0);
  }
  process.stderr.write('firstring: building the client (only when it changed) …\n');
  rmSync(out, { recursive: true, force: true });
  const { writeTypes } = await import('./client/write-types.ts');
  writeTypes(out);
  const compiled = spawnSync(process.execPath, [compiler, '-p', join(root, 'scripts', 'client', 'tsconfig.json')], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (compiled.status !== 0) {
    rmSync(join(out, 'package.json'), { force: true });
    process.stderr.write('firstring: the client could not be compiled, the messages are above\n');
    process.exit(1);
  }
  // The types lie beside the compiled files.
  for (const name of readdirSync(out).filter((each) => each.endsWith('.d.ts'))) {
    const text = readFileSync(join(out, name), 'utf8');
    writeFileSync(
      join(out, name),
      text
        .replace(/(['"])(?:\.\.\/)+dist\/client\/([a-z-]+)\.d\.ts\1/g, '$1./$2.js$1')
        .replace(/(['"]\.\/[a-z-]+)\.ts(['"])/g, '$1.js$2'),
    );
  }
  const { version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const description = {
    name: 'firstring-client',
    version,
    description: 'Typed client of the REST APIs of Firstring',
    license,
    type: 'module',
    engines: { node: '>=20' },
    exports: { '.': { types: './client.d.ts', default: './client.js' } },
  };
  writeFileSync(join(out, 'package.json'), `${JSON.stringify(description, null, 2)}\n`);
}
