import { verify, X509Certificate } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPhoneFile } from '../../src/protocol/phone-config/phone-file-reader.ts';
import { decodeSignedFile } from '../../src/protocol/trust-list/signed-file.ts';
import { decodeTrustList } from '../../src/protocol/trust-list/trust-list.ts';
import { fileLab, until } from './support/lab.ts';
import { readOverTftp } from './support/tftp-client.ts';

let lab: Awaited<ReturnType<typeof fileLab>>;
let a: Awaited<ReturnType<typeof lab.startNode>>;
let b: Awaited<ReturnType<typeof lab.startNode>>;
const file = 'SEP001122334455.cnf.xml';
const text = (bytes: Uint8Array | number) =>
  typeof bytes === 'number' ? String(bytes) : Buffer.from(bytes).toString();

/** Signs configuration files: the list's second record. */
const signerOf = (list: ReturnType<typeof decodeTrustList>) =>
  new X509Certificate(list.records[1]!.certificate).publicKey;

beforeAll(async () => {
  lab = await fileLab();
  [a, b] = [await lab.startNode('node-a'), await lab.startNode('node-b')];
  await lab.addPhone({ name: 'SEP001122334455', directoryNumber: '1001', description: 'version 0' });
});
afterAll(() => lab?.[Symbol.asyncDispose]());

describe('a change in the database is in the file on every node', () => {
  it.each([
    [
      'the description',
      sql`UPDATE device SET description = 'changed' WHERE name = 'SEP001122334455'`,
      '<description>changed<',
    ],
    ['a line’s display', sql`UPDATE device_line SET display = 'Ada L.'`, '<displayName>Ada L.<'],
    ['the directory number', sql`UPDATE line SET directory_number = '1999'`, '<name>1999<'],
    ['the SIP profile', sql`UPDATE sip_profile SET timer_register_expires = 1234`, '<timerRegisterExpires>1234<'],
    ['the device pool', sql`UPDATE device_pool SET olson_time_zone = 'Europe/Paris'`, '<olsonTimeZone>Europe/Paris<'],
    [
      'the load of the model',
      sql`UPDATE device_default SET load_information = 'sip8845_65.x' WHERE model = 'Cisco 8845'`,
      '<loadInformation>sip8845_65.x<',
    ],
    [
      'a node’s address',
      sql`UPDATE node SET address = 'moved.example.org' WHERE name = 'node-b'`,
      '<processNodeName>moved.example.org<',
    ],
    [
      'the owner',
      sql`WITH u AS (INSERT INTO end_user (user_id) VALUES ('ada') RETURNING id) UPDATE device SET owner_user_id = u.id FROM u WHERE name = 'SEP001122334455'`,
      '<ownerId>ada<',
    ],
  ])('%s', async (_, change, expected) => {
    // Both have it in memory first.
    expect(text((await a.get(file)) as Uint8Array)).not.toContain(expected);
    expect(text((await b.get(file)) as Uint8Array)).not.toContain(expected);
    await change.execute(lab.db);
    for (const node of [a, b])
      await until(
        () => node.get(file),
        (bytes) => text(bytes).includes(expected),
      );
  });

  it('a heartbeat of a node is not a change', async () => {
    const before = await a.get(file);
    await sql`UPDATE node SET last_seen_at = now()`.execute(lab.db);
    expect(await a.get(file)).toEqual(before);
  });

  it('a deleted phone’s file is gone', async () => {
    await lab.addPhone({ name: 'SEP001122330001' });
    await until(
      () => b.get('SEP001122330001.cnf.xml'),
      (bytes) => typeof bytes !== 'number',
    );
    await sql`DELETE FROM device WHERE name = 'SEP001122330001'`.execute(lab.db);
    await until(
      () => b.get('SEP001122330001.cnf.xml'),
      (bytes) => bytes === 404,
    );
  });

  it('also after the connection for notices was lost, and while it is lost', async () => {
    await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
               WHERE application_name = 'firstring notices' AND datname = current_database()`.execute(lab.db);
    await sql`UPDATE device SET description = 'after the loss' WHERE name = 'SEP001122334455'`.execute(lab.db);
    for (const node of [a, b])
      await until(
        () => node.get(file),
        (bytes) => text(bytes).includes('after the loss'),
      );
    await until(async () => a.notices.listening && b.notices.listening, Boolean);
    await sql`UPDATE device SET description = 'listening again' WHERE name = 'SEP001122334455'`.execute(lab.db);
    for (const node of [a, b])
      await until(
        () => node.get(file),
        (bytes) => text(bytes).includes('listening again'),
      );
  });
});

describe('a file is never half of one version and half of another', () => {
  it('while it changes under many readers over TFTP and HTTP, plain and signed', async () => {
    // Two fields change together, in one transaction; every read must have both of one version.
    let version = 0;
    let changing = true;
    const changes = (async () => {
      while (version < 60) {
        version++;
        await lab.db.transaction().execute(async (tx) => {
          await sql`UPDATE device SET description = ${`version ${version}`} WHERE name = 'SEP001122334455'`.execute(tx);
          await sql`UPDATE device_line SET label = ${`version ${version}`}`.execute(tx);
        });
      }
      changing = false;
    })();
    const seen = new Set<string>();
    const seenSigned = new Set<string>();
    const check = (bytes: Uint8Array, versions = seen) => {
      expect(readPhoneFile(bytes).kind).toBe('full');
      const found = /<description>(.*?)<[\s\S]*<featureLabel>(.*?)</.exec(text(bytes))!;
      if (found[1]!.startsWith('version') && found[2]!.startsWith('version')) {
        expect(found[1]).toBe(found[2]);
        versions.add(found[1]!);
      }
    };
    // Content and signature of one version too: the signature covers what is read.
    const signer = signerOf(decodeTrustList((await a.get('ITLFile.tlv')) as Uint8Array));
    const checkSigned = (bytes: Uint8Array) => {
      const signed = decodeSignedFile(bytes);
      expect(signed.fileName).toBe(`${file}.sgn`);
      expect(verify('sha512', signed.signedBytes, signer, signed.signature)).toBe(true);
      check(signed.content, seenSigned);
    };
    const overTftp = async (port: number, fileName: string, judge: (bytes: Uint8Array) => void) => {
      while (changing) {
        const outcome = await readOverTftp(port, { fileName, blockSize: 512 });
        expect(outcome.type).toBe('completed');
        if (outcome.type === 'completed') judge(outcome.bytes);
      }
    };
    const overHttp = async (node: typeof a, fileName: string, judge: (bytes: Uint8Array) => void) => {
      while (changing) judge((await node.get(fileName)) as Uint8Array);
    };
    await Promise.all([
      changes,
      ...[a, b].flatMap((node) => [
        overTftp(node.tftpPort, file, (bytes) => check(bytes)),
        overHttp(node, file, (bytes) => check(bytes)),
        overTftp(node.tftpPort, `${file}.sgn`, checkSigned),
        overHttp(node, `${file}.sgn`, checkSigned),
      ]),
    ]);
    expect(seen.size).toBeGreaterThan(1);
    expect(seenSigned.size).toBeGreaterThan(1);
    for (const node of [a, b])
      await until(
        () => node.get(file),
        (bytes) => text(bytes).includes(`<description>version ${version}<`),
      );
  });
});

describe('firmware', () => {
  const pieces = async function* (length: number, fill: number) {
    for (let left = length; left > 0; left -= 100_000) yield new Uint8Array(Math.min(left, 100_000)).fill(fill);
  };
  const name = 'sip8845_65.14-2-1.sbn';

  it('uploaded to one node is served by the other, from its disk', async () => {
    const stored = await a.firmware.put(name, pieces(1_234_567, 1));
    expect(stored.size).toBe(1_234_567);
    const bytes = (await until(
      () => b.get(name),
      (answer) => answer !== 404,
    )) as Uint8Array;
    expect(bytes.length).toBe(1_234_567);
    expect(bytes.every((byte) => byte === 1)).toBe(true);
    const ranged = await fetch(`${b.http}/${name}`, { headers: { range: 'bytes=1000000-1000099' } });
    expect((await ranged.arrayBuffer()).byteLength).toBe(100);
  });

  it('is refused under a name that is taken, replaced on demand, and whole for who reads meanwhile', async () => {
    await expect(a.firmware.put(name, pieces(10, 2))).rejects.toMatchObject({ code: 'firmware_exists' });
    const reading = Array.from({ length: 5 }, () => b.get(name));
    await a.firmware.put(name, pieces(2_000_000, 2), { replace: true });
    for (const bytes of (await Promise.all(reading)) as Uint8Array[]) {
      expect(new Set(bytes).size).toBe(1);
      expect([1_234_567, 2_000_000]).toContain(bytes.length);
    }
    const after = (await until(
      () => b.get(name),
      (bytes) => (bytes as Uint8Array).length === 2_000_000,
    )) as Uint8Array;
    expect(after.every((byte) => byte === 2)).toBe(true);
  });

  it('of which an upload breaks off leaves nothing', async () => {
    const breaks = async function* () {
      yield new Uint8Array(1_000_000);
      throw new Error('connection lost');
    };
    await expect(a.firmware.put('broken.sbn', breaks())).rejects.toThrow('connection lost');
    expect(await a.firmware.find('broken.sbn')).toBeUndefined();
    expect(await a.get('broken.sbn')).toBe(404);
  });

  it.each([
    '../x',
    'a/b',
    '.hidden',
    'XMLDefault.cnf.xml',
    'SEP001122334455.cnf.xml.sgn',
    'ITLFile.tlv',
    '',
    'x'.repeat(200),
  ])('is refused under the name %j', async (bad) => {
    await expect(a.firmware.put(bad, pieces(10, 1))).rejects.toMatchObject({ code: 'firmware_name_invalid' });
  });

  it('that is removed is gone, and its copy is swept', async () => {
    expect(await a.firmware.remove(name)).toBe(true);
    expect(await a.firmware.remove(name)).toBe(false);
    await until(
      () => b.get(name),
      (answer) => answer === 404,
    );
    await b.disk.sweep();
  });
});
