import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { Fault } from '../kernel/errors.ts';
import { act, command } from './phones.ts';

/** Adds `firstring lab`: what `run --lab` does, for a system that runs already, as an administrator's own act. */
export function addLabCommand(program: Command): void {
  act(
    command(
      program,
      'lab',
      'make a laboratory manufacturer and have the running system trust it, for reference phones',
    ),
    async (call, _, { dataDir }: { dataDir: string }) => {
      const { openLabManufacturer } = await import('../infra/pki/lab-manufacturer.ts');
      const lab = await openLabManufacturer(join(dataDir, 'lab'));
      const [issuing, root] = (await readFile(lab.certFile, 'utf8')).split(/(?<=-----END CERTIFICATE-----\n)/);
      for (const [certificate, micRoot] of [
        [root, true],
        [issuing, false],
      ] as const) {
        const description = 'Laboratory manufacturer: not for real phones';
        try {
          await call('POST /trust-certificates', { body: { certificate: certificate!, micRoot, description } });
        } catch (error) {
          if (!(error instanceof Fault) || error.detail?.['code'] !== 'name_taken') throw error;
        }
      }
      return [{ manufacturerCaCert: lab.certFile, manufacturerCaKey: lab.keyFile }, `${lab.certFile}\n`];
    },
  );
}
