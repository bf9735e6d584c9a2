import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equalBytes } from '../../kernel/bytes.ts';
import { MalformedError } from '../../kernel/errors.ts';
import { type EdgeChange, readChange, writeChange } from './changes.ts';
import { readClusterView, writeClusterView } from './cluster-view.ts';
import { readEdgeConfig, writeEdgeConfig } from './edge-config.ts';
import type { PhoneVouch } from './phone-vouch.ts';
import {
  readConfigRequest,
  readEdgeConfigRequest,
  readSipNodes,
  readSipNodesRequest,
  readVouchedRequest,
  writeConfigRequest,
  writeEdgeConfigRequest,
  writeSipNodes,
  writeSipNodesRequest,
  writeVouchedRequest,
} from './requests.ts';
import { largestPreface, readSipPreface, writeSipPreface } from './sip-preface.ts';

const uuid = fc.uuid().map((text) => text.toLowerCase());
const port = fc.integer({ min: 1, max: 65535 });
const hostName = fc.stringMatching(/^[a-z][a-z0-9-]{0,10}\.example\.org$/);
const der = fc.uint8Array({ minLength: 1, maxLength: 60 });
const vouch: fc.Arbitrary<PhoneVouch> = fc.record(
  {
    connection: fc.stringMatching(/^[A-Za-z0-9._:-]{1,40}$/),
    chain: fc.array(der, { maxLength: 6 }),
    channelBinding: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    tls: fc.constant('TLSv1.3' as const),
    sourceAddress: fc.oneof(fc.ipV4(), fc.ipV6()),
    edge: hostName,
    serverName: hostName,
  },
  { requiredKeys: ['connection', 'chain', 'channelBinding', 'tls', 'sourceAddress', 'edge'] },
);
const plain = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, each) => (each instanceof Uint8Array ? [...each] : each)));

describe('what Expressway-C sends', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(vouch, fc.string(), hostName, port, port, (its, request, host, httpsPort, sipPort) => {
        expect(plain(readVouchedRequest(writeVouchedRequest({ vouch: its, request })))).toEqual(
          plain({ vouch: its, request }),
        );
        const config = { vouch: its, authorization: 'Bearer a.b.c', name: 'SEP001122334455.cnf.xml' };
        expect(plain(readConfigRequest(writeConfigRequest(config)))).toEqual(plain(config));
        const edge = {
          vouch: its,
          domain: host,
          serviceNames: ['_cisco-uds'],
          edge: { host, httpsPort, sipPort, turnServers: [`${host}:${sipPort}`] },
        };
        expect(plain(readEdgeConfigRequest(writeEdgeConfigRequest(edge)))).toEqual(plain(edge));
        expect(plain(readSipNodesRequest(writeSipNodesRequest(its)))).toEqual(plain({ vouch: its }));
      }),
    );
  });

  it.each([
    ['a member more', { extra: 1 }],
    ['another TLS', { tls: 'TLSv1.2' }],
    ['a short binding', { cb: 'AAAA' }],
    ['no binding', { cb: undefined }],
    ['too long a chain', { x5c: Array.from({ length: 7 }, () => 'AAAA') }],
    ['a certificate that is no base64', { x5c: ['A'] }],
    ['base64url in place of base64', { x5c: ['_-__'] }],
    ['a name with a line break', { edge: 'e1\r\nX: y' }],
    ['an address that is none', { src: 'localhost' }],
  ])('with %s in its vouch is refused', (_what, change) => {
    const good = { conn: 'c', x5c: ['AAAA'], cb: 'A'.repeat(43), tls: 'TLSv1.3', src: '192.0.2.1', edge: 'e1' };
    const text = (members: object) => JSON.stringify({ vouch: members, request: '' });
    expect(readVouchedRequest(text(good)).vouch.edge).toBe('e1');
    expect(() => readVouchedRequest(text({ ...good, ...change }))).toThrow(MalformedError);
  });

  it('as a preface is read whole wherever it is cut, and what follows is left', () => {
    fc.assert(
      fc.property(vouch, fc.uint8Array({ maxLength: 20 }), fc.nat(), (its, rest, cut) => {
        const preface = writeSipPreface(its);
        const at = cut % preface.length;
        expect(readSipPreface(preface.subarray(0, at))).toBeUndefined();
        const read = readSipPreface(Buffer.concat([preface, rest]))!;
        expect(plain(read.vouch)).toEqual(plain(its));
        expect(equalBytes(read.rest, rest)).toBe(true);
      }),
    );
    const tooLong = Buffer.alloc(4);
    tooLong.writeUInt32BE(largestPreface + 1);
    expect(() => readSipPreface(tooLong)).toThrow(MalformedError);
  });
});

describe('what a node answers', () => {
  const key = {
    kid: 'k',
    kty: 'EC',
    crv: 'P-256',
    x: 'A'.repeat(43),
    y: 'B'.repeat(43),
    alg: 'ES256',
    use: 'sig',
  } as const;
  it('about the cluster is read as it was written', () => {
    fc.assert(
      fc.property(uuid, hostName, port, der, fc.boolean(), (clusterId, host, number, root, on) => {
        const view = {
          clusterId,
          version: '1.2.3',
          nodes: [{ name: 'a', host, https: number, edgeAccess: number, sipOauthMra: number, services: ['TFTP'] }],
          activationDomain: on ? host : undefined,
          serviceDomains: [host],
          mraActivationEnabled: on,
          micTrust: [{ der: root, micRoot: on, legacySha1: !on, ...(on && { expiredMicsUntil: number }) }],
          micDenied: { serials: ['0a'], keys: ['ff'], macs: ['001122334455'], revoked: [new Uint8Array(32).fill(7)] },
          jwks: { keys: [key] },
          issuer: `urn:firstring:cluster:${clusterId}`,
          etag: 'x',
        };
        expect(plain(readClusterView(writeClusterView(view)))).toEqual(plain(view));
      }),
    );
  });

  it('as a change is one line, read as it was written; kinds of later versions are passed over', () => {
    const changes: fc.Arbitrary<EdgeChange> = fc.oneof(
      fc.record({
        type: fc.constant('snapshot' as const),
        revoked: fc.array(fc.record({ family: uuid, until: fc.nat() })),
      }),
      fc.record({ type: fc.constant('revoked' as const), family: uuid, until: fc.nat() }),
      fc.record({ type: fc.constant('jwks' as const), jwks: fc.constant({ keys: [key] }) }),
      fc.record({ type: fc.constant('registration-ended' as const), device: fc.constant('SEP001122334455') }),
      fc.record({ type: fc.constantFrom('cluster' as const, 'beat' as const) }),
    );
    fc.assert(
      fc.property(changes, (change) => {
        const line = writeChange(change);
        expect(line.indexOf('\n')).toBe(line.length - 1);
        expect(plain(readChange(line.slice(0, -1)))).toEqual(plain(change));
      }),
    );
    expect(readChange('{"type":"something new","with":1}')).toBeUndefined();
    expect(() => readChange('{"type":"revoked","family":"x","until":1}')).toThrow(MalformedError);
  });

  it('of nodes for SIP, and as edge configuration, is read as it was written', () => {
    expect(readSipNodes(writeSipNodes(['a', 'b']))).toEqual(['a', 'b']);
    fc.assert(
      fc.property(fc.array(hostName, { maxLength: 4 }), port, (hosts, number) => {
        const config = {
          services: [
            { name: '_cisco-uds', servers: hosts.map((address) => ({ address, port: number })) },
            { name: '_cuplogin', servers: [] },
          ],
          tftpServers: hosts,
          sipEdgeServers: [{ address: 'e1.example.org', tlsPort: number }],
          httpEdgeServers: [{ address: 'e1.example.org', tlsPort: 8443 }],
          turnEdgeServers: hosts.map((address) => ({ address, udpPort: 3478 })),
          userUdsServers: [],
        };
        expect(readEdgeConfig(writeEdgeConfig(config))).toEqual(config);
      }),
    );
    for (const bad of ['<a/>', '<!DOCTYPE a><getEdgeConfigResponse/>', 'x'])
      expect(() => readEdgeConfig(Buffer.from(bad))).toThrow(MalformedError);
  });
});
