import { mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, it, onTestFinished } from 'vitest';
import { keptKeys, keptSecretName } from '../../src/infra/crypto/kept-keys.ts';
import { derivedKey } from '../../src/infra/crypto/key-encryption-key.ts';
import { sealer } from '../../src/infra/crypto/sealer.ts';
import { readSecrets, rewrap } from '../../src/infra/database/rewrap.ts';
import { runProgram, startAllInOne } from '../support/all-in-one.ts';
import { testDatabase } from '../support/database.ts';

it('a new key opens everything, the old one nothing, and codes that were given out stay good', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'rotate-'));
  onTestFinished(() => rm(parent, { recursive: true, force: true }));
  const dataDirectory = join(parent, 'data');
  let name: string;
  let code: string;
  {
    await using before = await startAllInOne({ dataDirectory });
    name = (await before.rest('POST', '/phones', { model: 'Cisco 8845', requiresActivationCode: true })).body.name;
    code = (await before.rest('GET', `/phones/${name}/activation-code`)).body.code;
  }
  const old = await readFile(join(dataDirectory, 'kek'), 'utf8');
  const { code: exit, output } = await runProgram(['rotate-kek', '--data-dir', dataDirectory]);
  expect(exit, output).toBe(0);
  const files = (await readdir(dataDirectory)).filter((each) => each.startsWith('kek'));
  expect(files.toSorted()).toEqual(['kek', expect.stringMatching(/^kek\.old-[0-9a-f]{8}$/)]);
  expect(await readFile(join(dataDirectory, files.find((each) => each !== 'kek')!), 'utf8')).toBe(old);
  expect(await readFile(join(dataDirectory, 'kek'), 'utf8')).not.toBe(old);
  // As if it had been cut off between the transaction and the files.
  await rename(join(dataDirectory, 'kek'), join(dataDirectory, 'kek.new'));
  await rename(join(dataDirectory, files.find((each) => each !== 'kek')!), join(dataDirectory, 'kek'));
  const refused = await runProgram(['run', '--data-dir', dataDirectory, '--lab']);
  expect(refused.output).toMatch(/rotate-kek/);
  expect((await runProgram(['rotate-kek', '--data-dir', dataDirectory])).output).toContain('an earlier run');
  await using after = await startAllInOne({ dataDirectory });
  expect((await after.rest('GET', `/phones/${name}/activation-code`)).body.code).toBe(code);
});

it('what is seen of locators that do not exist stays the same over two changes of the key', async () => {
  await using database = await testDatabase();
  const keys = [1, 2, 3].map((octet) => new Uint8Array(32).fill(octet));
  const boxes = keys.map((key) => sealer(key));
  const store = (name: string, sealed: Uint8Array) =>
    sql`insert into cluster_secret (name, sealed) values (${name}, ${Buffer.from(sealed)})`.execute(database.db);
  await store('kek-check', boxes[0]!.seal('kek-check', new Uint8Array([1])));
  for (const step of [0, 1]) {
    const kept = keptKeys(keys[step]!, boxes[step]!, await readSecrets(database.ownerUrl, false));
    await rewrap({ ownerUrl: database.ownerUrl, from: boxes[step]!, to: boxes[step + 1]!, kept });
  }
  const secrets = await readSecrets(database.ownerUrl, false);
  expect([...secrets.keys()]).toContain(keptSecretName('decoys'));
  expect(keptKeys(keys[2]!, boxes[2]!, secrets)).toEqual({
    issuedCodes: derivedKey(keys[0]!, 'issued codes'),
    decoys: derivedKey(keys[0]!, 'decoy records'),
  });
});

it('is refused while a node runs, and nothing is half sealed when a value does not open', async () => {
  await using database = await testDatabase();
  const [from, to] = [1, 2].map((octet) => sealer(new Uint8Array(32).fill(octet)));
  const kept = { issuedCodes: new Uint8Array(32), decoys: new Uint8Array(32) };
  await sql`insert into cluster_secret (name, sealed) values ('a', ${Buffer.from(from!.seal('a', new Uint8Array([1])))}), ('b', ${Buffer.alloc(60)})`.execute(
    database.db,
  );
  await expect(rewrap({ ownerUrl: database.ownerUrl, from: from!, to: to!, kept })).rejects.toMatchObject({
    code: 'sealed_value_unreadable',
  });
  expect(from!.open('a', (await readSecrets(database.ownerUrl, false)).get('a')!)).toEqual(Buffer.from([1]));
  await sql`insert into node (name, address, last_seen_at) values ('ucm-b', '192.0.2.1', now())`.execute(database.db);
  await expect(rewrap({ ownerUrl: database.ownerUrl, from: from!, to: to!, kept })).rejects.toMatchObject({
    code: 'nodes_running',
    message: expect.stringContaining('ucm-b'),
  });
});
