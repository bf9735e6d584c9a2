import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type ConnectionOptions, connect } from 'node:tls';
import { sql } from 'kysely';
import { expect, it, onTestFinished } from 'vitest';
import { startAllInOne } from '../support/all-in-one.ts';
import { testDatabase } from '../support/database.ts';

const doors = ['https', 'das', 'tftpHttps', 'tvs', 'sipTls'] as const;

async function shown(url: string, ca: string, options: ConnectionOptions = {}): Promise<string> {
  const socket = connect({
    host: '127.0.0.1',
    port: Number(new URL(url).port),
    ca,
    servername: 'localhost',
    ...options,
  });
  onTestFinished(() => void socket.destroy());
  await once(socket, 'secureConnect');
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

it('certificates that end soon are renewed while the node runs, and every door shows the new ones', async () => {
  await using database = await testDatabase();
  await using program = await startAllInOne({
    environment: { FIRSTRING_DATABASE_URL: database.url, FIRSTRING_KEK: randomBytes(32).toString('hex') },
  });
  const look = () =>
    Promise.all(doors.map((door) => shown(program.endpoints[door]!, program.clusterCa, { minVersion: 'TLSv1.3' })));
  const before = await look();
  const list = async () =>
    Buffer.from(await (await fetch(`${program.endpoints['tftpHttp']}/ITLFile.tlv`)).arrayBuffer()).toString('hex');
  const listBefore = await list();

  // The row's change is a notice, and the node looks at its certificates.
  await sql`UPDATE node_certificate SET not_after = now() + interval '80 days' WHERE node_id IS NOT NULL`.execute(
    database.db,
  );

  await expect
    .poll(async () => (await look()).filter((each, i) => each !== before[i]).length, { timeout: 30_000 })
    .toBe(doors.length);
  // Phones learn of the new ones from the trust list, which old keys they know have signed.
  await expect.poll(list, { timeout: 30_000 }).not.toBe(listBefore);
  expect(program.output()).toContain('certificates of this node were renewed');
  expect((await program.rest('GET', '/nodes')).status).toBe(200);
});
