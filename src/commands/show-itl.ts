import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';

export function addShowItlCommand(program: Command): void {
  program
    .command('show-itl')
    .description('print an ITL file and verify its signature; exits 1 when it does not fit')
    .argument('<file-or-url>', 'a file, or where a node serves it: http://127.0.0.1:6970/ITLFile.tlv')
    .action(async (source: string) => {
      const { showItl } = await import('../infra/provisioning/trust-list.ts');
      const { text, verified } = showItl(await read(source));
      process.stdout.write(text);
      if (!verified) process.exitCode = 1;
    });
}

async function read(source: string): Promise<Uint8Array> {
  if (!/^https?:\/\//.test(source)) return readFile(source);
  const response = await fetch(source, { signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`${source} answered ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}
