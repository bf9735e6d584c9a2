import { readFileSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import { printFault } from './commands/print-fault.ts';
import { commandLine } from './commands/program.ts';

// Halves the time until a command does something; where the directory cannot be written, Node.js goes on without.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/node', import.meta.url)));

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };

try {
  // Nothing of a phone is needed where a role runs.
  const program = await commandLine(manifest.version, { withPhone: process.argv[2] !== 'run' });
  await program.parseAsync();
} catch (error) {
  printFault(error);
  process.exitCode = 1;
}
