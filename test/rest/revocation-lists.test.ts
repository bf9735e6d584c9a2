import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { revocationLimits } from '../../src/domain/trust/revocation-list.ts';
import { readMicTrust } from '../../src/infra/database/activation-trust-store.ts';
import { type Issued, makeAuthority, makeMic } from '../support/certificates.ts';
import { listExtension, pemOf, revocationList, tlv } from '../support/revocation-lists.ts';
import { startRest, type TestRest } from './support/rest.ts';

const url = '/certificate-revocation-lists';
let rest: TestRest;
let root: Issued;
let issuing: Issued;
let mic: Issued;
beforeAll(async () => {
  rest = await startRest();
  root = await makeAuthority({ name: 'Listing Root' });
  issuing = await makeAuthority({ name: 'Listing CA', issuer: root });
  mic = await makeMic({ issuer: issuing });
  for (const certificate of [root.pem, issuing.pem])
    expect((await rest.call('POST', '/trust-certificates', { body: { certificate } })).status).toBe(201);
});
afterAll(() => rest[Symbol.asyncDispose]());

const upload = (body: Uint8Array) => rest.call('POST', url, { raw: { text: body, type: 'application/pkix-crl' } });
const audited = async (action: string) =>
  (await rest.call('GET', `/audit-events?action=${action}`)).body.items as { objectId: string; detail: object }[];
const serial = () => mic.certificate.serialNumber;

describe('a certificate revocation list', () => {
  it('is uploaded, shown, downloaded, replaced by a newer one and deleted, each with its audit row', async () => {
    const der = revocationList({ issuer: issuing, entries: [serial()], number: 7 });
    const client = await rest.database.pool.connect();
    const heard: string[] = [];
    client.on('notification', ({ channel }) => heard.push(channel));
    await client.query('listen trust_changed');
    const added = await upload(der);
    await client.query('select 1');
    client.removeAllListeners('notification');
    client.release(true);
    expect(added).toMatchObject({
      status: 201,
      body: { number: '7', entries: 1, overdue: false, partial: false, issuer: expect.stringContaining('Listing CA') },
    });
    expect(heard).toEqual(['trust_changed']);
    const own = added.headers['location']!.replace('/api/v1', '');
    expect((await rest.call('GET', own)).body).toEqual(added.body);
    expect((await rest.call('GET', url)).body.items).toEqual([added.body]);
    const content = await rest.call('GET', `${own}/content`);
    expect(content.headers['content-type']).toBe('application/pkix-crl');
    expect((await readMicTrust(rest.database.db, false)).revoked).toHaveLength(1);

    const newer = await upload(Buffer.from(pemOf(revocationList({ issuer: issuing, number: 8 }))));
    expect(newer.body).toMatchObject({ id: added.body.id, number: '8', entries: 0 });
    expect((await rest.call('GET', url)).body.items).toHaveLength(1);
    expect((await readMicTrust(rest.database.db, false)).revoked).toEqual([]);

    expect((await rest.call('DELETE', own)).status).toBe(204);
    expect((await rest.call('DELETE', own)).body.code).toBe('not_found');
    expect((await audited('certificate-revocation-list.uploaded')).map(({ detail }) => detail)).toMatchObject([
      { number: '8', entries: 0 },
      { number: '7', entries: 1 },
    ]);
    expect(await audited('certificate-revocation-list.deleted')).toMatchObject([{ objectId: added.body.id }]);
  });

  it('is never replaced by one that is as old or older, also when both come at once', async () => {
    const thisUpdate = new Date(Date.now() - 3_600_000);
    const numbered = (number: number, at = thisUpdate) =>
      upload(revocationList({ issuer: issuing, entries: [serial()], number, thisUpdate: at }));
    expect((await numbered(20)).status).toBe(201);
    for (const refused of [
      await numbered(20),
      await numbered(19),
      await numbered(21, new Date(thisUpdate.getTime() - 60_000)),
      await upload(revocationList({ issuer: issuing, number: null, thisUpdate })),
    ])
      expect(refused).toMatchObject({ status: 409, body: { code: 'crl_not_newer' } });
    const together = await Promise.all([22, 23, 24].map((number) => numbered(number)));
    const taken = together.filter(({ status }) => status === 201).map(({ body }) => Number(body.number));
    expect(taken).toContain(24);
    const [inForce] = (await rest.call('GET', url)).body.items;
    expect(inForce.number).toBe('24');
    // Deleting it is the deliberate way back.
    expect((await rest.call('DELETE', `${url}/${inForce.id}`)).status).toBe(204);
    expect((await numbered(3)).status).toBe(201);
    await rest.call('DELETE', `${url}/${inForce.id}`);
  });

  it('is refused in words when it is forged, of nobody trusted, of another kind, or no list', async () => {
    const stranger = await makeAuthority({ name: 'Stranger' });
    const before = await audited('certificate-revocation-list.uploaded');
    for (const [body, code] of [
      [revocationList({ issuer: issuing, signer: root }), 'crl_forged'],
      [revocationList({ issuer: stranger }), 'crl_issuer_unknown'],
      [revocationList({ issuer: issuing, extensions: [listExtension.delta] }), 'crl_unfit'],
      [revocationList({ issuer: issuing, hash: 'sha1' }), 'crl_unfit'],
      [revocationList({ issuer: issuing, thisUpdate: new Date(Date.now() + 3_600_000) }), 'crl_unfit'],
      [mic.der, 'crl_unreadable'],
      [Buffer.from('-----BEGIN X509 CRL-----\n!\n-----END X509 CRL-----'), 'crl_unreadable'],
      [Buffer.alloc(0), 'crl_unreadable'],
    ] as const) {
      const { status, body: problem } = await upload(body);
      expect(problem).toMatchObject({ status: 422, code, remedy: expect.any(String) });
      expect(status).toBe(422);
    }
    expect((await rest.call('GET', url)).body.items).toEqual([]);
    expect(await audited('certificate-revocation-list.uploaded')).toEqual(before);
  });

  it('of a hostile size is refused, and all lists together have a limit', async () => {
    expect((await upload(tlv(0x30, Buffer.alloc(revocationLimits.octets)))).body).toMatchObject({
      status: 413,
      code: 'crl_too_large',
    });
    expect((await upload(Buffer.alloc(revocationLimits.octets * 2, 0x30))).body).toMatchObject({ status: 413 });
    await rest.database.pool.query(
      `insert into certificate_revocation_list (id, issuer, issuer_sha256, this_update, partial, entries, revoked, der, sha256)
       select decode(repeat('0a', 32), 'hex'), 'Full', decode(repeat('0b', 32), 'hex'), now(), false, $1::integer,
              decode(repeat('00', 16 * $1::integer), 'hex'), '', decode(repeat('0c', 32), 'hex')`,
      [revocationLimits.entries],
    );
    expect((await upload(revocationList({ issuer: issuing, entries: ['01'] }))).body).toMatchObject({
      status: 413,
      code: 'crl_too_large',
    });
    expect((await rest.call('GET', url)).body.items).toHaveLength(1);
    expect((await upload(revocationList({ issuer: issuing }))).status).toBe(201);
    for (const { id } of (await rest.call('GET', url)).body.items) await rest.call('DELETE', `${url}/${id}`);
  });

  it('whose next one is due is shown as overdue, and still counts', async () => {
    const thisUpdate = new Date(Date.now() - 86_400_000);
    const nextUpdate = new Date(Date.now() - 3_600_000);
    const added = await upload(revocationList({ issuer: issuing, entries: [serial()], thisUpdate, nextUpdate }));
    expect(added.body).toMatchObject({ overdue: true, entries: 1 });
    expect((await readMicTrust(rest.database.db, false)).revoked).toHaveLength(1);
  });
});

describe('failed proofs', () => {
  it('are shown to who may see the system, and forgotten by who may change it', async () => {
    const sha256 = (last: string) => `${'ab'.repeat(31)}0${last}`;
    for (const [last, mac, count] of [
      ['1', '00AA00CC0001', 30],
      ['2', '00AA00CC0002', 3],
    ] as const)
      await rest.database.pool.query(
        `insert into mic_failed_proof (mic_sha256, mac, charges, charged_at)
         select decode($1, 'hex'), $2, array_agg(int4send(n)), array_agg(now() - interval '1 hour') from generate_series(1, $3::integer) as n`,
        [sha256(last), mac, count],
      );
    const { body } = await rest.call('GET', '/failed-proofs?sort=mac');
    expect(body.items).toMatchObject([
      { mac: '00AA00CC0001', failed: 30, refusedUntil: expect.any(String) },
      { mac: '00AA00CC0002', failed: 3, refusedUntil: null },
    ]);
    const in23Hours = Date.parse(body.items[0].refusedUntil) - Date.now();
    expect(in23Hours).toBeGreaterThan(22.9 * 3_600_000);
    expect(in23Hours).toBeLessThan(23 * 3_600_000);
    expect((await rest.call('GET', '/failed-proofs?refused=true')).body.total).toBe(1);
    expect((await rest.call('GET', '/failed-proofs?refused=false&search=cc0002')).body.total).toBe(1);
    const own = `/failed-proofs/${sha256('1').toUpperCase()}`;
    expect((await rest.call('DELETE', own, { as: 'auditor' })).status).toBe(403);
    expect((await rest.call('DELETE', own)).status).toBe(204);
    expect((await rest.call('DELETE', own)).body.code).toBe('not_found');
    expect((await rest.call('GET', '/failed-proofs')).body.items).toMatchObject([{ mac: '00AA00CC0002' }]);
    expect(await audited('mic.failed-proofs-forgotten')).toMatchObject([{ objectId: sha256('1') }]);
  });
});
