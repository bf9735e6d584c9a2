import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startRest } from '../test/rest/support/rest.ts';
import { clientSource } from './client/client-source.ts';

/** Writes src/contract/client/operations.ts anew: after a change of the REST API. `node scripts/generate-client.ts` */
await using rest = await startRest();
const { body } = await rest.call('GET', '/openapi.json');
writeFileSync(fileURLToPath(new URL('../src/contract/client/operations.ts', import.meta.url)), clientSource(body));
process.stdout.write('src/contract/client/operations.ts is written\n');
