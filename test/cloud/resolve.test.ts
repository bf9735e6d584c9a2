import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writePhoneEdgeTrust } from '../../src/protocol/cloud/cluster.ts';
import { type Allocation, locatorPath, readAllocationStatus } from '../../src/protocol/cloud/locators.ts';
import { writeResolve } from '../../src/protocol/cloud/resolve.ts';
import { issueMicFor, makeAuthority, makeMic } from '../support/certificates.ts';
import { type CloudBench, cloudBench, clusterHint, randomMac, type TestCluster } from './cloud-bench.ts';

let bench: CloudBench;
let berlin: TestCluster;
let use: Allocation;
beforeAll(async () => {
  bench = await cloudBench();
  berlin = await bench.enrol('Berlin');
  await berlin.configure('mra.berlin.example');
  [use] = (await berlin.allocate(1)) as [Allocation];
});
afterAll(() => bench[Symbol.asyncDispose]());

const db = () => bench.database.db;
const asked = () => writeResolve({ locator: use.locator, cnonce: randomBytes(32) });
const asIdentity = (mic: { pem: string; keyPem: string }) => ({ cert: mic.pem, key: mic.keyPem });
/** A locator that nobody has. */
async function unknownLocator(): Promise<string> {
  for (;;) {
    const locator = String(Math.floor(Math.random() * 1e7)).padStart(7, '0');
    const { rows } = await sql`select 1 from locator where locator = ${Number(locator)}`.execute(db());
    if (rows.length === 0) return locator;
  }
}

describe('a phone with a good certificate', () => {
  it('is told the activation domain, the hint of the cluster and its PhoneEdge-trust, signed for its very question', async () => {
    const edgeCa = await makeAuthority({ name: 'Edge CA' });
    const upload = writePhoneEdgeTrust({ version: 1, certificates: [edgeCa.der] });
    expect((await berlin.ask('PUT', '/v1/cluster/phone-edge-trust', upload)).status).toBe(200);
    const { status, claims } = await bench.resolve(await bench.phone(), use.locator);
    expect(status).toBe(200);
    expect(claims).toMatchObject({ iss: bench.cloud.issuer, activationDomain: 'mra.berlin.example', clusterHint });
    expect(claims!.phoneEdgeTrust).toEqual([edgeCa.der]);
    expect(claims!.exp - claims!.iat).toBeLessThanOrEqual(24 * 3600);
  });

  it('hears of changed settings with its next question', async () => {
    const moving = await bench.enrol('moving');
    await moving.configure('mra.one.example');
    const [mine] = await moving.allocate(1);
    const phone = await bench.phone();
    expect((await bench.resolve(phone, mine!.locator)).claims?.activationDomain).toBe('mra.one.example');
    await moving.configure('mra.two.example');
    expect((await bench.resolve(phone, mine!.locator)).claims?.activationDomain).toBe('mra.two.example');
  });

  it('gets one answer for unknown, released, re-used elsewhere, switched off, suspended and removed', async () => {
    const other = await bench.enrol('other');
    await other.configure('mra.other.example');
    const [released, off] = await other.allocate(2);
    await other.ask('DELETE', locatorPath(released!));
    const answers: string[] = [];
    const look = async (locator: string) => {
      const { status, problem, headers } = await bench.resolve(await bench.phone(), locator);
      answers.push(
        JSON.stringify([status, problem?.error, problem?.message, headers['content-length'], headers['connection']]),
      );
    };
    await look(await unknownLocator());
    await look(released!.locator);
    await other.configure('mra.other.example', false);
    await look(off!.locator);
    await other.configure('mra.other.example', true);
    await bench.rest('PATCH', `/clusters/${other.id}`, { state: 'suspended' });
    await look(off!.locator);
    await bench.rest('DELETE', `/clusters/${other.id}`);
    await look(off!.locator);
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain('[404,"code_not_accepted"');
  });

  it('leaves word with its cluster of who asked', async () => {
    const [mine] = await berlin.allocate(1);
    const mac = randomMac();
    await bench.resolve(await bench.phone(mac), mine!.locator);
    await expect
      .poll(async () => readAllocationStatus((await berlin.ask('GET', locatorPath(mine!))).text).lastResolve, {
        timeout: 10_000,
      })
      .toMatchObject({ mac, model: 'CP-8845', source: '127.0.0.1' });
  });
});

describe('certificates that are not good', () => {
  const refused = async (mic: { pem: string; keyPem: string } | undefined) => {
    const { status, problem } = await bench.ask('POST', '/v1/resolve', asked(), mic && asIdentity(mic));
    return [status, problem?.error];
  };
  const stranger = makeAuthority({ algorithm: 'rsa2048' });

  it('are answered by their own reason, and cost no question', async () => {
    const { manufacturer: issuer } = bench;
    expect(await refused(undefined)).toEqual([401, 'mic_required']);
    expect(await refused(await makeMic({ issuer: await stranger }))).toEqual([403, 'mic_untrusted']);
    expect(await refused(await makeMic({ issuer, notAfter: new Date(Date.now() - 1000) }))).toEqual([
      403,
      'mic_expired',
    ]);
    expect(await refused(await makeMic({ issuer, notBefore: new Date(Date.now() + 3600_000) }))).toEqual([
      403,
      'mic_not_yet_valid',
    ]);
    expect(await refused(await makeMic({ issuer, subject: 'CN=my laptop' }))).toEqual([403, 'mic_subject_invalid']);
    expect(await refused(await makeMic({ issuer, hash: 'SHA-1' }))).toEqual([403, 'mic_weak']);
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from mic_use`.execute(db());
    await refused(await makeMic({ issuer: await stranger }));
    expect((await sql<{ n: number }>`select count(*)::int as n from mic_use`.execute(db())).rows[0]!.n).toBe(
      rows[0]!.n,
    );
  });

  it('a cluster’s client certificate is no MIC', async () => {
    const { problem } = await bench.ask('POST', '/v1/resolve', asked(), berlin.identity);
    expect(problem?.error).toBe('mic_untrusted');
  });

  it('become good and bad with the operator’s manufacturer roots, without a restart', async () => {
    const root = await makeAuthority({ algorithm: 'rsa2048', name: 'New Manufacturer' });
    const mic = asIdentity(await issueMicFor(root, randomMac()));
    expect((await bench.resolve(mic, use.locator)).problem?.error).toBe('mic_untrusted');
    const added = (await bench.rest('POST', '/manufacturer-roots', { certificate: root.pem, description: 'new' })) as {
      status: number;
      body: { sha256: string; notAfter: string };
    };
    expect(added.status).toBe(201);
    await expect.poll(async () => (await bench.resolve(mic, use.locator)).status, { timeout: 10_000 }).toBe(200);
    expect((await bench.rest('DELETE', `/manufacturer-roots/${added.body.sha256}`)).status).toBe(204);
    await expect
      .poll(async () => (await bench.resolve(mic, use.locator)).problem?.error, { timeout: 10_000 })
      .toBe('mic_untrusted');
  });
});

describe('limits of a phone', () => {
  it('are 20 an hour, hits and misses alike, and 60 a day', async () => {
    const phone = await bench.phone();
    const missing = await unknownLocator();
    for (let turn = 0; turn < 20; turn++) {
      const { status } = await bench.resolve(phone, turn % 2 ? use.locator : missing);
      expect(status).toBe(turn % 2 ? 200 : 404);
    }
    const over = await bench.resolve(phone, use.locator);
    expect([over.status, over.problem?.error]).toEqual([429, 'rate_limited']);
    expect(over.problem!.retryAfter).toBeGreaterThan(3000);
    expect(over.problem!.retryAfter).toBeLessThanOrEqual(3600);
    expect(Number(over.headers['retry-after'])).toBe(over.problem!.retryAfter);
    // Another hour, and another: the day's limit comes then.
    for (let hour = 0; hour < 2; hour++) {
      await sql`update mic_use set stamps = array(select s - interval '1 hour' from unnest(stamps) with ordinality as u(s, n) order by n)`.execute(
        db(),
      );
      for (let turn = 0; turn < 20; turn++) expect((await bench.resolve(phone, use.locator)).status).toBe(200);
      expect((await bench.resolve(phone, use.locator)).status).toBe(429);
    }
    await sql`update mic_use set stamps = array(select s - interval '1 hour' from unnest(stamps) with ordinality as u(s, n) order by n)`.execute(
      db(),
    );
    const dayOver = await bench.resolve(phone, use.locator);
    expect(dayOver.status).toBe(429);
    expect(dayOver.problem!.retryAfter).toBeGreaterThan(20 * 3600);
  });

  it('hold over a race: no more than 20 of 60 at once get through', async () => {
    const phone = await bench.phone();
    const answers = await Promise.all(Array.from({ length: 60 }, () => bench.resolve(phone, use.locator)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(20);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(40);
  });

  it('hold on every node, and over a restart', async () => {
    const phone = await bench.phone();
    const key = { cert: phone.cert, key: phone.key };
    await using second = await bench.another();
    const there = new URL(second.endpoints.cloud).port;
    const { request } = await import('node:https');
    const atSecond = () =>
      new Promise<number>((done, failed) => {
        const body = asked();
        const call = request({
          host: '127.0.0.1',
          port: there,
          method: 'POST',
          path: '/v1/resolve',
          rejectUnauthorized: false,
          agent: false,
          ...key,
          headers: { 'content-type': 'application/json', 'content-length': body.length },
        });
        call.once('response', (response) => {
          response.resume();
          done(response.statusCode ?? 0);
        });
        call.once('error', failed);
        call.end(body);
      });
    for (let turn = 0; turn < 10; turn++) {
      expect((await bench.resolve(phone, use.locator)).status).toBe(200);
      expect(await atSecond()).toBe(200);
    }
    expect((await bench.resolve(phone, use.locator)).status).toBe(429);
    expect(await atSecond()).toBe(429);
    expect(second.cloudKey).toEqual(bench.cloud.cloudKey);
  });

  it('follow the operator’s setting', async () => {
    expect((await bench.rest('PATCH', '/limits', { resolvesPerHour: 2, resolvesPerDay: 3 })).status).toBe(200);
    await expect
      .poll(
        async () => {
          const phone = await bench.phone();
          const answers = [];
          for (let turn = 0; turn < 3; turn++) answers.push((await bench.resolve(phone, use.locator)).status);
          return answers;
        },
        { timeout: 10_000 },
      )
      .toEqual([200, 200, 429]);
    expect((await bench.rest('PATCH', '/limits', { resolvesPerHour: 20, resolvesPerDay: 60 })).status).toBe(200);
  });
});

describe('PhoneEdge-trust of a cluster', () => {
  const put = (version: number, certificates: readonly Uint8Array[]) =>
    berlin.ask('PUT', '/v1/cluster/phone-edge-trust', writePhoneEdgeTrust({ version, certificates }));

  it('is replaced as a whole by a later version only; the same again changes nothing', async () => {
    const [one, two] = [await makeAuthority({ name: 'one' }), await makeAuthority({ name: 'two' })];
    expect((await put(5, [one.der, two.der])).status).toBe(200);
    expect((await put(5, [one.der, two.der])).status).toBe(200);
    const stale = await put(5, [two.der]);
    expect([stale.status, stale.problem?.error]).toEqual([409, 'trust_version_stale']);
    expect((await put(4, [two.der])).status).toBe(409);
    expect((await put(6, [])).status).toBe(200);
    expect((await bench.resolve(await bench.phone(), use.locator)).claims?.phoneEdgeTrust).toEqual([]);
  });

  it('takes certificates of authorities and self-signed ones only, strong ones that have not ended', async () => {
    const { manufacturer: issuer } = bench;
    const good = await makeAuthority({ name: 'good' });
    const selfSigned = await makeAuthority({ name: 'edge.example.org', ca: false, certSign: false });
    expect((await put(50, [good.der, selfSigned.der])).status).toBe(200);
    const bad = {
      'no certificate': new Uint8Array([0x30, 3, 2, 1, 1]),
      'that of a phone': (await makeMic({ issuer })).der,
      'one that has ended': (await makeAuthority({ notAfter: new Date(Date.now() - 1000) })).der,
      'a weak key': (await makeAuthority({ algorithm: 'rsa1024' })).der,
      'a weak signature': (await makeAuthority({ issuer: good, hash: 'SHA-1', name: 'below' })).der,
    };
    for (const [what, der] of Object.entries(bad)) {
      const { status, problem } = await put(100, [good.der, der]);
      expect([what, status, problem?.error]).toEqual([what, 422, 'trust_not_accepted']);
      expect(problem!.message).toContain('Certificate 2');
    }
    expect((await put(100, [good.der, good.der])).problem?.error).toBe('trust_not_accepted');
    const many = await Promise.all(Array.from({ length: 21 }, (_, n) => makeAuthority({ name: `ca ${n}` })));
    expect(
      (
        await put(
          100,
          many.map(({ der }) => der),
        )
      ).problem?.error,
    ).toBe('bad_request');
  });
});

describe('without its database', () => {
  it('sends phones and clusters away with a time to come back, and goes on by itself afterwards', async () => {
    const name = new URL(bench.database.url).pathname.slice(1);
    const admin = new pg.Client({ connectionString: bench.database.ownerUrl.replace(`/${name}`, '/firstring') });
    await admin.connect();
    const phone = await bench.phone();
    try {
      await admin.query(`alter database ${pg.escapeIdentifier(name)} allow_connections false`);
      await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
      for (const answer of [await bench.resolve(phone, use.locator), await berlin.ask('GET', '/v1/cluster')]) {
        expect([answer.status, answer.problem?.error]).toEqual([503, 'busy']);
        expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
      }
    } finally {
      await admin.query(`alter database ${pg.escapeIdentifier(name)} allow_connections true`);
      await admin.end();
    }
    await expect.poll(async () => (await bench.resolve(phone, use.locator)).status, { timeout: 20_000 }).toBe(200);
    expect((await berlin.ask('GET', '/v1/cluster')).status).toBe(200);
  });
});
