import 'reflect-metadata';
import { randomBytes, X509Certificate } from 'node:crypto';
import { request } from 'node:https';
import * as x509 from '@peculiar/x509';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { derToPem } from '../../src/infra/pki/identity.ts';
import { readClusterStatus } from '../../src/protocol/cloud/cluster.ts';
import { readEnrolled, writeEnrol, writeRenew } from '../../src/protocol/cloud/enrol.ts';
import { parseVoucher, readVoucherReply, writeVoucher } from '../../src/protocol/cloud/voucher.ts';
import { makeAuthority, makeMic } from '../support/certificates.ts';
import { type CloudBench, certificateRequest, cloudBench, rsaRequest } from './cloud-bench.ts';

let bench: CloudBench;
beforeAll(async () => {
  bench = await cloudBench();
});
afterAll(() => bench[Symbol.asyncDispose]());

const enrolWith = async (voucher: string, csr: Uint8Array, name = 'Berlin') =>
  bench.ask('POST', '/v1/enrol', writeEnrol({ voucher, csr, name }));

describe('enrolment by voucher', () => {
  it('gives a client certificate that names the cluster by id and opens the cluster routes', async () => {
    const cluster = await bench.enrol('Berlin');
    const certificate = new X509Certificate(cluster.enrolled.certificateChain[0]!);
    expect(certificate.subject).toContain(`CN=${cluster.id}`);
    expect(certificate.subject).not.toContain('whatever');
    expect(certificate.ca).toBe(false);
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
    expect(certificate.verify(new X509Certificate(bench.cloud.authority).publicKey)).toBe(true);
    const status = readClusterStatus((await cluster.ask('GET', '/v1/cluster')).text);
    expect(status).toMatchObject({ clusterId: cluster.id, name: 'Berlin', state: 'active', enabled: false });
    expect(status.cloudKey.jwk).toEqual(bench.cloud.cloudKey);
    expect(status.locators).toEqual({ allocated: 0, quarantined: 0, quota: 100_000 });
  });

  it('carries the pin of the cloud’s own authority in the voucher', async () => {
    const { pin } = parseVoucher(await bench.cloud.makeVoucher(''))!;
    expect(Buffer.from(pin!).toString('hex')).toBe(
      new X509Certificate(bench.cloud.authority).fingerprint256.replaceAll(':', '').toLowerCase(),
    );
  });

  it('takes a voucher once: another key gets nothing for it', async () => {
    const voucher = await bench.cloud.makeVoucher('once');
    const first = await certificateRequest();
    expect((await enrolWith(voucher, first.csr)).status).toBe(200);
    const second = await enrolWith(voucher, (await certificateRequest()).csr);
    expect([second.status, second.problem?.error]).toEqual([403, 'voucher_not_accepted']);
  });

  it('answers the same key again with the same certificate, for an answer that was lost', async () => {
    const voucher = await bench.cloud.makeVoucher('again');
    const { csr } = await certificateRequest();
    const [first, second] = [await enrolWith(voucher, csr), await enrolWith(voucher, csr)];
    expect(second.status).toBe(200);
    expect(second.text).toBe(first.text);
  });

  it('lets exactly one of many racing keys have a voucher', async () => {
    const voucher = await bench.cloud.makeVoucher('race');
    const requests = await Promise.all(Array.from({ length: 8 }, () => certificateRequest()));
    const answers = await Promise.all(requests.map(({ csr }) => enrolWith(voucher, csr)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ problem }) => problem?.error === 'voucher_not_accepted')).toHaveLength(7);
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from cluster where name = 'race'`.execute(
      bench.database.db,
    );
    expect(rows[0]!.n).toBeLessThanOrEqual(1);
  });

  it('gives one cluster when the same key races with itself', async () => {
    const voucher = await bench.cloud.makeVoucher('self-race');
    const { csr } = await certificateRequest();
    const answers = await Promise.all(Array.from({ length: 6 }, () => enrolWith(voucher, csr)));
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200));
    expect(new Set(answers.map(({ text }) => readEnrolled(text).clusterId)).size).toBe(1);
  });

  it('has one answer for unknown, revoked, expired and unreadable vouchers', async () => {
    const { csr } = await certificateRequest();
    const unknown = writeVoucher({ secret: randomBytes(32), pin: undefined });
    const revoked = (await bench.rest('POST', '/vouchers', {})) as { body: { id: string; voucher: string } };
    expect((await bench.rest('DELETE', `/vouchers/${revoked.body.id}`)).status).toBe(204);
    const expired = (await bench.rest('POST', '/vouchers', {})) as { body: { id: string; voucher: string } };
    await sql`update voucher set expires_at = now() where id = ${expired.body.id}::uuid`.execute(bench.database.db);
    const answers = [];
    for (const voucher of [unknown, revoked.body.voucher, expired.body.voucher, 'no voucher at all']) {
      const { status, problem } = await enrolWith(voucher, csr);
      answers.push({ status, error: problem?.error, message: problem?.message });
    }
    expect(new Set(answers.map((each) => JSON.stringify(each))).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 403, error: 'voucher_not_accepted' });
  });

  it('keeps no voucher, only its hash', async () => {
    const voucher = await bench.cloud.makeVoucher('hashed');
    const { secret } = parseVoucher(voucher)!;
    const { rows } = await sql<{ row: string }>`select voucher::text as row from voucher`.execute(bench.database.db);
    const all = rows.map(({ row }) => row).join('\n');
    expect(all).not.toContain(Buffer.from(secret).toString('hex'));
    expect(all).not.toContain(voucher);
  });

  it.each([
    ['an RSA key of 1024 bits', () => rsaRequest(1024)],
    ['an RSA key with exponent 3', () => rsaRequest(2048, [3])],
    ['a key on P-521', () => certificateRequest({ name: 'ECDSA', namedCurve: 'P-521' })],
  ])('refuses %s and leaves the voucher good', async (_, make) => {
    const voucher = await bench.cloud.makeVoucher('weak');
    const refused = await enrolWith(voucher, (await make()).csr);
    expect([refused.status, refused.problem?.error]).toEqual([400, 'csr_not_accepted']);
    expect((await enrolWith(voucher, (await certificateRequest()).csr)).status).toBe(200);
  });

  it('takes RSA of 2048 bits and P-384', async () => {
    for (const { csr } of [await rsaRequest(2048), await certificateRequest({ name: 'ECDSA', namedCurve: 'P-384' })]) {
      const { status, text } = await enrolWith(await bench.cloud.makeVoucher('strong'), csr);
      expect(status, text).toBe(200);
    }
  });

  it('refuses a request that another key signed', async () => {
    const [mine, other] = [await certificateRequest(), await certificateRequest()];
    // The signature of the other one under my key and names: both end in a BIT STRING of about the same length.
    const forged = new Uint8Array(mine.csr);
    forged[forged.length - 3]! ^= 0x55;
    for (const csr of [forged, other.csr.subarray(0, other.csr.length - 1), new Uint8Array([0x30, 0])]) {
      const { status, problem } = await enrolWith(await bench.cloud.makeVoucher('forged'), csr);
      expect([status, problem?.error]).toEqual([400, 'csr_not_accepted']);
    }
  });
});

describe('the client certificate of a cluster', () => {
  it('is needed on every cluster route', async () => {
    const routes = [
      ['GET', '/v1/cluster'],
      ['DELETE', '/v1/cluster'],
      ['GET', '/v1/locators'],
      ['GET', `/v1/locators/1234567/${crypto.randomUUID()}`],
      ['DELETE', `/v1/locators/1234567/${crypto.randomUUID()}`],
    ] as const;
    for (const [method, path] of routes) {
      const { status, problem } = await bench.ask(method, path);
      expect([path, status, problem?.error]).toEqual([path, 401, 'client_certificate_required']);
    }
    // A phone's certificate is none of a cluster.
    const phone = await bench.phone();
    expect((await bench.ask('GET', '/v1/cluster', undefined, phone)).problem?.error).toBe(
      'client_certificate_not_accepted',
    );
  });

  it('is renewed over itself, and the old one ends after the new one was used', async () => {
    const cluster = await bench.enrol('renewing');
    const { csr, key } = await certificateRequest();
    const answer = await cluster.ask('POST', '/v1/certificate', writeRenew({ csr }));
    expect(answer.status, answer.text).toBe(200);
    const renewed = readEnrolled(answer.text);
    expect(renewed.clusterId).toBe(cluster.id);
    const identity = { cert: renewed.certificateChain.map(derToPem).join(''), key };
    expect((await cluster.ask('GET', '/v1/cluster')).status).toBe(200);
    expect((await bench.ask('GET', '/v1/cluster', undefined, identity)).status).toBe(200);
    // Other nodes of the cluster may hold the old one a little longer.
    expect((await cluster.ask('GET', '/v1/cluster')).status).toBe(200);
    await sql`update cluster_certificate set replaced_at = replaced_at - interval '61 minutes' where cluster_id = ${cluster.id}::uuid and replaced_at is not null`.execute(
      bench.database.db,
    );
    expect((await cluster.ask('GET', '/v1/cluster')).problem?.error).toBe('client_certificate_not_accepted');
    expect((await bench.ask('GET', '/v1/cluster', undefined, identity)).status).toBe(200);
  });

  it('is given again by a voucher for an enrolled cluster that lost its own', async () => {
    const cluster = await bench.enrol('forgetful');
    const made = (await bench.rest('POST', '/vouchers', { clusterId: cluster.id })) as { body: { voucher: string } };
    const { csr, key } = await certificateRequest();
    const again = readEnrolled((await enrolWith(made.body.voucher, csr)).text);
    expect(again.clusterId).toBe(cluster.id);
    const identity = { cert: again.certificateChain.map(derToPem).join(''), key };
    expect(readClusterStatus((await bench.ask('GET', '/v1/cluster', undefined, identity)).text).name).toBe('forgetful');
  });

  it('ends when the cluster leaves or is removed, and its open vouchers with it', async () => {
    const leaving = await bench.enrol('leaving');
    await leaving.configure();
    await leaving.allocate(3);
    expect((await leaving.ask('DELETE', '/v1/cluster')).status).toBe(204);
    expect((await leaving.ask('GET', '/v1/cluster')).problem?.error).toBe('client_certificate_not_accepted');
    const removed = await bench.enrol('removed');
    const open = (await bench.rest('POST', '/vouchers', { clusterId: removed.id })) as { body: { voucher: string } };
    expect((await bench.rest('DELETE', `/clusters/${removed.id}`)).status).toBe(204);
    expect((await removed.ask('GET', '/v1/cluster')).problem?.error).toBe('client_certificate_not_accepted');
    expect((await enrolWith(open.body.voucher, (await certificateRequest()).csr)).problem?.error).toBe(
      'voucher_not_accepted',
    );
    expect((await bench.rest('GET', `/clusters/${removed.id}`)).status).toBe(404);
  });
});

describe('self-service', () => {
  it('is off unless it is configured', async () => {
    const { status, problem } = await bench.ask('POST', '/v1/vouchers');
    expect([status, problem?.error]).toEqual([403, 'self_service_off']);
  });
});

describe('a cloud that shows a certificate of others', () => {
  it('makes vouchers without a pin, and gives them to anybody where it is told to', async () => {
    const publicAuthority = await makeAuthority({ name: 'Public CA' });
    const names = { extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: 'localhost' }])] };
    const server = await makeMic({ issuer: publicAuthority, subject: 'CN=localhost', clientAuth: false, ...names });
    await using other = await bench.another({ tls: { cert: server.pem, key: server.keyPem }, selfService: true });
    expect(parseVoucher(await other.makeVoucher(''))?.pin).toBeUndefined();
    const { status, body } = await new Promise<{ status: number; body: string }>((done, failed) => {
      const address = new URL(`${other.endpoints.cloud}/v1/vouchers`);
      const call = request({
        host: '127.0.0.1',
        port: address.port,
        path: address.pathname,
        method: 'POST',
        ca: publicAuthority.pem,
        servername: 'localhost',
        agent: false,
      });
      call.once('error', failed);
      call.once('response', (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        response.once('end', () => done({ status: response.statusCode ?? 0, body: text }));
      });
      call.end();
    });
    expect(status).toBe(201);
    const { voucher } = readVoucherReply(body);
    expect((await enrolWith(voucher, (await certificateRequest()).csr, 'self-made')).status).toBe(200);
  });
});
