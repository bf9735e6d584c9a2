/** Our TFTP server by itself: `node bench/tftp-server.ts FILE`. Prints its port; ends when its standard input ends. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { startTftpServer } from '../src/endpoints/tftp/server.ts';
import { fileCache } from '../src/infra/provisioning/file-cache.ts';
import { inMemory } from '../src/infra/provisioning/file-source.ts';
import { silentLog } from '../src/kernel/log.ts';

const path = process.argv[2]!;
// The cache in front of the store is the real one; only the store is a file.
const files = fileCache({
  load: async (name) => (name === basename(path) ? inMemory(name, readFileSync(path)) : undefined),
});
files.listening();
const server = await startTftpServer({ host: '127.0.0.1', port: 0, files, log: silentLog });
process.stdout.write(`${server.port}\n`);
process.stdin.on('end', () => server.close()).resume();
