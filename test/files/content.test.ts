import { execFileSync } from 'node:child_process';
import { createHash, verify, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, get as httpsGet } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCertificate } from '../../src/domain/trust/certificate.ts';
import { packFingerprints, revocationName } from '../../src/domain/trust/revoked.ts';
import { phoneModels } from '../../src/identifiers/phone-model.ts';
import { revocationFingerprint } from '../../src/infra/crypto/issuer-signature.ts';
import { derToPem } from '../../src/infra/pki/identity.ts';
import { issueMic, labIssuer, openLabManufacturer } from '../../src/infra/pki/lab-manufacturer.ts';
import { verifySignature } from '../../src/infra/provisioning/signing.ts';
import { showItl } from '../../src/infra/provisioning/trust-list.ts';
import { OlderFileError, readTrustList } from '../../src/phone/files/trust.ts';
import { readDefaultFile } from '../../src/protocol/phone-config/default-file.ts';
import { readPhoneFile } from '../../src/protocol/phone-config/phone-file-reader.ts';
import { decodeSignedFile } from '../../src/protocol/trust-list/signed-file.ts';
import { decodeTrustList, trustRole } from '../../src/protocol/trust-list/trust-list.ts';
import { isSignedBy } from '../../src/protocol/trust-list/verify.ts';
import { decodeTvsResponse, encodeTvsRequest } from '../../src/protocol/tvs/messages.ts';
import { fileLab, until } from './support/lab.ts';

let lab: Awaited<ReturnType<typeof fileLab>>;
let a: Awaited<ReturnType<typeof lab.startNode>>;
let b: Awaited<ReturnType<typeof lab.startNode>>;
const confirmed: { deviceName: string; micSha256: Uint8Array }[] = [];

beforeAll(async () => {
  lab = await fileLab();
  a = await lab.startNode('node-a', { confirmer: { fetched: (fetch) => void confirmed.push(fetch) } });
  b = await lab.startNode('node-b');
  await lab.addPhone({ name: 'SEP001122334455', directoryNumber: '1001', description: 'Front desk' });
  // The second node's certificates reach both caches by a notice.
  await until(
    async () => decodeTrustList((await a.get('ITLFile.tlv')) as Uint8Array).records.length,
    (count) => count === 7,
  );
});
afterAll(() => lab?.[Symbol.asyncDispose]());

describe('XMLDefault.cnf.xml', () => {
  it('names the method of every supported model and the activation services of all nodes', async () => {
    const file = readDefaultFile((await a.get('XMLDefault.cnf.xml')) as Uint8Array);
    expect(file.onboarding?.methods.map(({ model }) => model).sort()).toEqual(
      phoneModels.map(({ name }) => name).sort(),
    );
    expect(file.onboarding?.deviceActivation.map(({ url }) => url)).toEqual([
      'https://node-a.example.org:9446',
      'https://node-b.example.org:9446',
    ]);
    expect(file.tvs.map(({ address, port }) => `${address}:${port}`)).toEqual([
      'node-a.example.org:2445',
      'node-b.example.org:2445',
    ]);
  });

  it('leaves out a node whose service is switched off', async () => {
    await sql`INSERT INTO node_service (node_id, service, activated)
              SELECT id, 'Device Activation Service', false FROM node WHERE name = 'node-b'`.execute(lab.db);
    const urls = async () =>
      readDefaultFile((await a.get('XMLDefault.cnf.xml')) as Uint8Array).onboarding!.deviceActivation;
    expect(await until(urls, (each) => each.length === 1)).toMatchObject([{ url: 'https://node-a.example.org:9446' }]);
    await sql`DELETE FROM node_service`.execute(lab.db);
    await until(urls, (each) => each.length === 2);
  });
});

describe('SEP<MAC>.cnf.xml', () => {
  it('tells the phone its lines and where to register', async () => {
    const file = readPhoneFile((await a.get('SEP001122334455.cnf.xml')) as Uint8Array);
    expect(file).toMatchObject({
      kind: 'full',
      deviceName: 'SEP001122334455',
      deviceSecurityMode: 3,
      transportLayerProtocol: 3,
      lines: [{ lineIndex: 1, name: '1001' }],
    });
    expect(file.kind === 'full' && file.callManagerGroup.members.map((member) => member.processNodeName)).toEqual([
      'node-a.example.org',
      'node-b.example.org',
    ]);
  });

  it('is absent until the first activation, and a stub without lines when a code is wanted again', async () => {
    await lab.addPhone({ name: 'SEP001122330001', requiresActivationCode: true, directoryNumber: '2001' });
    await lab.addPhone({
      name: 'SEP001122330002',
      requiresActivationCode: true,
      everActivated: true,
      directoryNumber: '2002',
    });
    expect(await a.get('SEP001122330001.cnf.xml')).toBe(404);
    const stub = (await a.get('SEP001122330002.cnf.xml')) as Uint8Array;
    expect(readPhoneFile(stub).kind).toBe('stub');
    expect(Buffer.from(stub).toString()).not.toContain('2002');
    await sql`UPDATE device SET requires_activation_code = false, first_activated_at = now() WHERE name = 'SEP001122330001'`.execute(
      lab.db,
    );
    const file = await until(
      () => a.get('SEP001122330001.cnf.xml'),
      (answer) => answer !== 404,
    );
    expect(readPhoneFile(file as Uint8Array).kind).toBe('full');
  });

  it('is absent for a disabled phone, a BAT phone and a phone nobody knows', async () => {
    await lab.addPhone({ name: 'SEP001122330003' });
    await sql`UPDATE device SET enabled = false WHERE name = 'SEP001122330003'`.execute(lab.db);
    await lab.addPhone({ name: 'BAT001122330004' });
    for (const name of ['SEP001122330003', 'BAT001122330004', 'SEP001122330009'])
      expect(await a.get(`${name}.cnf.xml`)).toBe(404);
  });

  it('holds no secret', async () => {
    await sql`UPDATE device SET digest_password_sealed = 'topsecret'::bytea,
        phone_security_profile_id = (SELECT id FROM phone_security_profile WHERE digest_authentication) WHERE name = 'SEP001122334455'`.execute(
      lab.db,
    );
    await sql`UPDATE common_phone_profile SET vendor_config = vendor_config || '{"sshPassword":"hunter2","adminPin":"1234"}'`.execute(
      lab.db,
    );
    const text = await until(
      async () => Buffer.from((await a.get('SEP001122334455.cnf.xml')) as Uint8Array).toString(),
      (each) => each.includes('<authName>'),
    );
    expect(text).not.toMatch(/topsecret|hunter2|1234<|password/i);
  });
});

describe('every node serves the same octets', () => {
  it.each([
    'ITLFile.tlv',
    'ITLSEP001122334455.tlv',
    'XMLDefault.cnf.xml',
    'XMLDefault.cnf.xml.sgn',
    'SEP001122334455.cnf.xml',
    'SEP001122334455.cnf.xml.sgn',
  ])('%s', async (name) => {
    const mine = await a.get(name);
    expect(mine).toBeInstanceOf(Uint8Array);
    expect(await b.get(name)).toEqual(mine);
    a.files.notice('*');
    expect(await a.get(name)).toEqual(mine);
  });

  it('and content that comes back is a new list, later than every list before', async () => {
    const before = (await a.get('ITLFile.tlv')) as Uint8Array;
    const held = await lab.db
      .selectFrom('node_certificate')
      .selectAll()
      .where('purpose', '=', 'tvs')
      .executeTakeFirstOrThrow();
    await lab.db.deleteFrom('node_certificate').where('id', '=', held.id).execute();
    const between = (await until(
      () => a.get('ITLFile.tlv'),
      (bytes) => Buffer.compare(bytes as Uint8Array, before) !== 0,
    )) as Uint8Array;
    await lab.db.insertInto('node_certificate').values(held).execute();
    const after = (await until(
      () => a.get('ITLFile.tlv'),
      (bytes) => Buffer.compare(bytes as Uint8Array, between) !== 0,
    )) as Uint8Array;
    const [first, second, third] = [before, between, after].map((bytes) => decodeTrustList(bytes));
    expect(third!.records).toEqual(first!.records);
    expect(second!.timestamp).toBeGreaterThan(first!.timestamp);
    expect(third!.timestamp).toBeGreaterThan(second!.timestamp);
    await until(
      () => b.get('ITLFile.tlv'),
      (bytes) => Buffer.compare(bytes as Uint8Array, after) === 0,
    );
    // As a phone reads them, one after the other; what it refuses leaves it where it was.
    const phone = readTrustList(after, readTrustList(between, readTrustList(before, undefined)));
    expect(phone.bytes).toEqual(after);
    for (const old of [before, between]) expect(() => readTrustList(old, phone)).toThrow(OlderFileError);
  });
});

describe('the ITL', () => {
  it('is signed by its first SAST record and holds the CCM+TFTP, TVS and SAST roles', async () => {
    const bytes = (await a.get('ITLFile.tlv')) as Uint8Array;
    const list = decodeTrustList(bytes);
    expect(list.records.map(({ role }) => role)).toEqual([
      'SAST',
      'SAST',
      'TFTP',
      'CCM+TFTP',
      'CCM+TFTP',
      'TVS',
      'TVS',
    ]);
    expect(list).toMatchObject({ hash: 'sha512', version: '1.2', fileName: 'ITLFile.tlv' });
    expect(isSignedBy(list, list.records, verifySignature)).toBe(true);
    expect(bytes.length).toBeLessThan(60 * 1024);
    expect(showItl(bytes)).toMatchObject({ verified: true });
    expect(showItl(bytes).text).toContain('CCM+TFTP');
  });

  it('does not verify once any octet is changed', async () => {
    const bytes = (await a.get('ITLFile.tlv')) as Uint8Array;
    const last = bytes.slice();
    last[last.length - 1]! ^= 1;
    expect(showItl(last).verified).toBe(false);
  });

  it('and signed files verify with the openssl command', async () => {
    const list = decodeTrustList((await a.get('ITLFile.tlv')) as Uint8Array);
    const signed = decodeSignedFile((await a.get('SEP001122334455.cnf.xml.sgn')) as Uint8Array);
    const folder = mkdtempSync(join(tmpdir(), 'firstring-openssl-'));
    try {
      for (const [file, signer] of [
        [list, list.records[0]!],
        [signed, list.records[1]!],
      ] as const) {
        expect(Buffer.from(file.signer.serialNumber)).toEqual(Buffer.from(signer.serialNumber));
        writeFileSync(
          join(folder, 'key.pem'),
          new X509Certificate(signer.certificate).publicKey.export({ type: 'spki', format: 'pem' }),
        );
        writeFileSync(join(folder, 'signature'), file.signature);
        writeFileSync(join(folder, 'signed'), file.signedBytes);
        const answer = execFileSync(
          'openssl',
          ['dgst', '-sha512', '-verify', 'key.pem', '-signature', 'signature', 'signed'],
          { cwd: folder },
        );
        expect(answer.toString().trim()).toBe('Verified OK');
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    expect(signed.fileName).toBe('SEP001122334455.cnf.xml.sgn');
    expect(Buffer.from(signed.content)).toEqual(Buffer.from((await a.get('SEP001122334455.cnf.xml')) as Uint8Array));
    expect(
      verify(
        'sha512',
        signed.signedBytes,
        new X509Certificate(list.records[1]!.certificate).publicKey,
        signed.signature,
      ),
    ).toBe(true);
  });

  it('is not accompanied by a CTL', async () => {
    expect(await a.get('CTLFile.tlv')).toBe(404);
    expect(await a.get('CTLSEP001122334455.tlv')).toBe(404);
  });
});

function askTvs(certificate: Uint8Array): Promise<{ answer: ReturnType<typeof decodeTvsResponse>; shown: Buffer }> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({ port: a.tvsPort, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      const shown = socket.getPeerX509Certificate()!.raw;
      socket.write(
        encodeTvsRequest({ type: 'verify', sessionId: 4242, deviceName: 'CP-8845-SEP001122334455', certificate }),
      );
      socket.once('data', (bytes) => {
        socket.destroy();
        resolve({ answer: decodeTvsResponse(bytes), shown });
      });
    });
    socket.on('error', reject);
  });
}

describe('TVS', () => {
  it('shows the certificate that the ITL has with role TVS', async () => {
    const { shown } = await askTvs(a.identity.tomcat.certificate);
    const list = decodeTrustList((await a.get('ITLFile.tlv')) as Uint8Array);
    expect(
      list.records
        .filter(({ role }) => role === 'TVS')
        .some(({ certificate }) => Buffer.compare(certificate, shown) === 0),
    ).toBe(true);
  });

  it('vouches for the certificates of every node, with their roles', async () => {
    for (const { identity } of [a, b]) {
      const { answer } = await askTvs(identity.tomcat.certificate);
      expect(answer).toEqual({
        type: 'verify',
        sessionId: 4242,
        verdict: { roles: [trustRole['APP-SERVER'], trustRole.TFTP], ttl: 3600 },
      });
    }
  });

  it('does not trust what it does not know', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'firstring-mic-'));
    try {
      const stranger = await openLabManufacturer(folder);
      expect((await askTvs(stranger.issuing)).answer.verdict).toBeUndefined();
      // CallManager-trust makes it known; a root for phones' certificates still speaks for no server.
      const hash = createHash('sha256').update(stranger.issuing).digest();
      await sql`INSERT INTO trust_certificate (purpose, sha256, der, subject, issuer, serial_number, not_before, not_after)
                VALUES ('CallManager-trust', ${hash}, ${stranger.issuing}, '', '', '', now() - interval '1 day', now() + interval '1 day')`.execute(
        lab.db,
      );
      const asked = await until(
        () => askTvs(stranger.issuing),
        ({ answer }) => answer.verdict !== undefined,
      );
      expect(asked.answer.verdict?.roles).toEqual([trustRole.CAPF]);
      await sql`UPDATE trust_certificate SET mic_root = false`.execute(lab.db);
      const server = await until(
        () => askTvs(stranger.issuing),
        ({ answer }) => answer.verdict?.roles.includes(trustRole['APP-SERVER']) === true,
      );
      expect(server.answer.verdict?.ttl).toBe(3600);
      // What its manufacturer revoked vouches for nothing, until the list is gone.
      const named = readCertificate(stranger.issuing);
      const revoked = Buffer.from(packFingerprints([revocationFingerprint(revocationName(named))]));
      await sql`INSERT INTO certificate_revocation_list (id, issuer, issuer_sha256, this_update, partial, entries, revoked, der, sha256)
                VALUES (${hash}, '', ${hash}, now(), false, 1, ${revoked}, '', ${hash})`.execute(lab.db);
      await until(
        () => askTvs(stranger.issuing),
        ({ answer }) => answer.verdict === undefined,
      );
      await sql`DELETE FROM certificate_revocation_list`.execute(lab.db);
      await until(
        () => askTvs(stranger.issuing),
        ({ answer }) => answer.verdict !== undefined,
      );
      await sql`UPDATE trust_certificate SET not_after = now() - interval '1 hour'`.execute(lab.db);
      await until(
        () => askTvs(stranger.issuing),
        ({ answer }) => answer.verdict === undefined,
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('HTTP', () => {
  it('answers HEAD, conditional and ranged requests', async () => {
    const url = `${a.http}/XMLDefault.cnf.xml`;
    const whole = await fetch(url);
    const body = Buffer.from(await whole.arrayBuffer());
    const etag = whole.headers.get('etag')!;
    expect(whole.headers.get('content-type')).toBe('text/xml; charset=utf-8');
    const head = await fetch(url, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(body.length)]);
    expect((await fetch(url, { headers: { 'if-none-match': etag } })).status).toBe(304);
    const part = await fetch(url, { headers: { range: 'bytes=10-19' } });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 10-19/${body.length}`]);
    expect(Buffer.from(await part.arrayBuffer())).toEqual(body.subarray(10, 20));
    expect(Buffer.from(await (await fetch(url, { headers: { range: 'bytes=-5' } })).arrayBuffer())).toEqual(
      body.subarray(-5),
    );
    expect((await fetch(url, { headers: { range: `bytes=${body.length}-` } })).status).toBe(416);
    expect((await fetch(url, { headers: { range: 'bytes=0-1,3-4' } })).status).toBe(200);
    expect((await fetch(url, { headers: { range: 'bytes=0-1', 'if-range': '"another"' } })).status).toBe(200);
  });

  it('tells a phone that fetches its own file with its own certificate from any other', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'firstring-mic-'));
    try {
      const issuer = await labIssuer(await openLabManufacturer(folder));
      const mic = await issueMic(issuer, { product: 'CP-8845', mac: '001122334455' });
      const key = Buffer.from(
        mic.key.privateKey instanceof Object && 'export' in mic.key.privateKey
          ? (mic.key.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string)
          : '',
      );
      const fetched = (path: string, credentials: object) =>
        new Promise<number>((resolve, reject) => {
          httpsGet(
            `${a.https}/${path}`,
            { agent: new Agent({ rejectUnauthorized: false, ...credentials }) },
            (response) => {
              response.resume().on('end', () => resolve(response.statusCode!));
            },
          ).on('error', reject);
        });
      const credentials = { cert: derToPem(mic.certificate), key };
      expect(await fetched('SEP001122334455.cnf.xml', {})).toBe(200);
      expect(await fetched('SEP001122330002.cnf.xml', credentials)).toBe(200);
      expect(await fetched('XMLDefault.cnf.xml', credentials)).toBe(200);
      expect(confirmed).toEqual([]);
      expect(await fetched('SEP001122334455.cnf.xml', credentials)).toBe(200);
      expect(confirmed).toEqual([
        { deviceName: 'SEP001122334455', micSha256: createHash('sha256').update(mic.certificate).digest() },
      ]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
