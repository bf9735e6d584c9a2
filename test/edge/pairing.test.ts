import 'reflect-metadata';
import { createPublicKey } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { derToPem } from '../../src/infra/pki/identity.ts';
import { generateKey, issueCertificate } from '../../src/infra/pki/issue.ts';
import { type Asked, callConsole } from './support/console-call.ts';
import { domain, type EdgeBench, edgeBench, host, TestPhone, until } from './support/edge-bench.ts';

let bench: EdgeBench;

beforeAll(async () => {
  bench = await edgeBench();
});
afterAll(async () => bench?.[Symbol.asyncDispose]());

const call = (side: 'c' | 'e', method: string, path: string, asked?: Asked) =>
  callConsole(bench, side, method, path, asked);

describe('pairing', () => {
  const text = async () => ((await call('e', 'POST', '/pairing-texts')).body as { text: string }).text;

  it('works once with one text', async () => {
    const given = await text();
    await using second = await bench.startC('c7');
    await second.pair(given);
    await using third = await bench.startC('c8');
    await expect(third.pair(given)).rejects.toMatchObject({ code: 'pairing_refused' });
    expect(third.isPairedWith('e1', bench.e.tunnelAddress)).toBe(false);
    expect((await call('e', 'DELETE', '/controllers/c7')).status).toBe(204);
    expect((await call('e', 'DELETE', '/controllers/c7')).status).toBe(404);
  });

  it('is refused for a text that is not one, has expired, or leads elsewhere', async () => {
    const post = (pairingText: string) => call('c', 'POST', '/edges', { body: { pairingText } });
    expect(await post('hello')).toMatchObject({ status: 422, body: { code: 'pairing_text_invalid' } });
    const { readPairingText, writePairingText } = await import('../../src/protocol/tunnel/pairing.ts');
    const read = readPairingText(await text());
    expect(await post(writePairingText({ ...read, expiresAt: 1 }))).toMatchObject({
      body: { code: 'pairing_text_expired' },
    });
    expect(await post(writePairingText({ ...read, certificateSha256: new Uint8Array(32) }))).toMatchObject({
      status: 502,
      body: { code: 'edge_unreachable' },
    });
    expect(await post(writePairingText({ ...read, secret: new Uint8Array(32) }))).toMatchObject({
      status: 409,
      body: { code: 'pairing_refused' },
    });
    const https = bench.e.endpoints.expresswayE.replace('https://', '');
    expect(await post(writePairingText({ ...read, address: https }))).toMatchObject({
      body: { code: 'edge_unreachable' },
    });
  });

  it('forgotten at E, cuts the tunnels and lets nobody of that name in any more', async () => {
    await using second = await bench.joinC('c6', [bench.e]);
    await until(() => second.notReady().length === 0);
    await call('e', 'DELETE', '/controllers/c6');
    await until(() => second.notReady().length > 0);
    expect(second.notReady().join()).toContain('e1');
  });
});

describe('the server certificate of E', () => {
  const certificate = async () => (await call('e', 'GET', '/server-certificate')).body as Record<string, unknown>;
  const upload = (certificates: string) => call('e', 'PUT', '/server-certificate', { body: { certificates } });

  it('shows its names, its authority, and no finding when it fits', async () => {
    expect(await certificate()).toMatchObject({ origin: 'lab', names: [host, domain], findings: [] });
  });

  it('is signed by somebody else for the key that never leaves, and replaced while phones are connected', async () => {
    const { body } = await call('e', 'POST', '/server-certificate/signing-request');
    const request = new x509.Pkcs10CertificateRequest((body as { pem: string }).pem);
    expect(await request.verify()).toBe(true);
    const authority = await generateKey('p-256');
    const life = { notBefore: new Date(Date.now() - 1000), notAfter: new Date(Date.now() + 10 * 86_400_000) };
    const root = await issueCertificate(
      { subject: [['CN', 'My CA']], publicKey: authority.publicKey, ...life, authority: { pathLength: 0 } },
      { self: authority },
    );
    const publicKey = createPublicKey({ key: Buffer.from(request.publicKey.rawData), format: 'der', type: 'spki' });
    const issue = (names: string[], key = publicKey) =>
      issueCertificate(
        { subject: [['CN', host]], publicKey: key, ...life, usages: ['server'], alternativeNames: names },
        { certificate: root, privateKey: authority.privateKey },
      );
    const chain = async (names: string[]) => derToPem(await issue(names)) + derToPem(root);

    expect(await upload('nothing')).toMatchObject({ status: 422, body: { code: 'certificate_unreadable' } });
    const many = (await chain([host])) + derToPem(root).repeat(15);
    const tooMany = await upload(many);
    expect(tooMany).toMatchObject({ status: 422, body: { code: 'certificate_unreadable' } });
    expect((tooMany.body as { detail: string }).detail).toContain('more than 16');
    const strange = derToPem(await issue([host], (await generateKey('p-256')).publicKey)) + derToPem(root);
    expect(await upload(strange)).toMatchObject({ status: 422, body: { code: 'certificate_not_for_key' } });
    const broken = derToPem(await issue([host])) + derToPem(bench.e.serverRoot);
    expect(await upload(broken)).toMatchObject({ status: 422, body: { code: 'certificate_chain_broken' } });

    expect((await upload(await chain(['wrong.example.org']))).status).toBe(200);
    const { findings } = (await certificate()) as { findings: { code: string }[] };
    expect(findings.map(({ code }) => code)).toEqual(['host_not_named', 'domain_not_named', 'expires_soon']);
    expect(bench.e.notReady().join()).toContain(host);
    await until(async () => {
      const { body: now } = await call('c', 'GET', '/status');
      return (now as { edges: { warnings: string[] }[] }).edges[0]!.warnings.some((each) => each.includes(host));
    });

    expect((await upload(await chain([host, `collab-edge.${domain}`]))).status).toBe(200);
    expect((await certificate())['origin']).toBe('uploaded');
    using phone = new TestPhone(bench.e, derToPem(root), await bench.mic('001122334455'));
    const socket = await phone.raw();
    const shown = socket.getPeerX509Certificate()!;
    expect(Buffer.from(shown.issuerCertificate!.raw)).toEqual(Buffer.from(root));
    socket.destroy();
  });

  it('is asked for the manufacturers’ authorities: they came from the cluster', async () => {
    const { body } = await call('e', 'GET', '/trusted-authorities');
    expect((body as { items: { subject: string }[] }).items.map(({ subject }) => subject)).toEqual([
      expect.stringContaining('Test Manufacturing Root'),
    ]);
  });
});
