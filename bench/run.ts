/**
 * Every benchmark, one after another, each in its own process: `npm run bench`, or `npm run bench -- tftp register` for some.
 * They print ratios against a peer or a limit measured in the same run: rates of two machines, or of two moments, compare badly.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';

const all = [
  'startup',
  'first-ring',
  'activation',
  'tftp',
  'register',
  'lists',
  'bulk',
  'axl',
  'console',
  'tunnel',
  'mra',
] as const;
const there = all.filter((name) => existsSync(pathOf(name)));
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !there.some((each) => each === name));
if (unknown.length > 0) {
  process.stderr.write(`no benchmark ${unknown.join(', ')}; there are: ${there.join(', ')}\n`);
  process.exitCode = 2;
} else {
  const memory = Math.round(totalmem() / 2 ** 30);
  process.stdout.write(
    `${availableParallelism()} × ${cpus()[0]?.model ?? 'processor'}, ${memory} GiB, Node.js ${process.version}\n`,
  );
  for (const name of there.filter((each) => wanted.length === 0 || wanted.includes(each))) {
    process.stdout.write(`\n=== ${name}\n`);
    if ((await run(name)) !== 0) {
      process.stdout.write(`${name} failed\n`);
      process.exitCode = 1;
    }
  }
}

function pathOf(name: string): string {
  return fileURLToPath(new URL(`${name}.ts`, import.meta.url));
}

function run(name: string): Promise<number> {
  const child = spawn(process.execPath, [pathOf(name)], { stdio: ['ignore', 'inherit', 'inherit'] });
  return new Promise((done) => child.once('exit', (code) => done(code ?? 1)));
}
