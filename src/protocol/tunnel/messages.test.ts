import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../kernel/bytes.ts';
import { MalformedError } from '../../kernel/errors.ts';
import { type EdgeOrder, type EdgeReport, readOrder, readReport, writeOrder, writeReport } from './control.ts';
import { LineReader } from './lines.ts';
import {
  readPairingAnswer,
  readPairingOffer,
  readPairingText,
  writePairingAnswer,
  writePairingOffer,
  writePairingText,
} from './pairing.ts';
import { readEdgeConfigDemand, readFileDemand, writeEdgeConfigDemand, writeFileDemand } from './requests.ts';

const orders: EdgeOrder[] = [
  {
    type: 'state',
    serial: 7,
    authorizeByOauthTokenWithRefresh: true,
    allowActivationCodeOnboarding: false,
    domains: ['mra.example.org'],
    clusters: [
      {
        id: 'c',
        issuer: 'https://c',
        jwks: {
          keys: [{ kid: 'k', kty: 'EC', crv: 'P-256', x: 'x'.repeat(43), y: 'y'.repeat(43), alg: 'ES256', use: 'sig' }],
        },
        micTrust: [{ der: Uint8Array.of(1), micRoot: true, legacySha1: true, expiredMicsUntil: 5 }],
        micDenied: { serials: ['0a'], keys: [], macs: ['001122334455'], revoked: [new Uint8Array(16).fill(9)] },
        domains: ['mra.example.org'],
        activationEnabled: true,
      },
    ],
  },
  {
    type: 'revocations',
    cluster: 'c',
    first: true,
    last: false,
    entries: [{ family: '6f1b2f3a-58b8-4a0e-9c6c-0a1b2c3d4e5f', until: 9 }],
  },
  { type: 'revoked', cluster: 'c', entry: { family: '6f1b2f3a-58b8-4a0e-9c6c-0a1b2c3d4e5f', until: 9 } },
  { type: 'registration-ended', device: 'SEP001122334455' },
  { type: 'beat' },
];
const reports: EdgeReport[] = [
  {
    type: 'hello',
    name: 'e1',
    version: '1',
    host: 'e1.example.org',
    httpsPort: 8443,
    sipPort: 5061,
    turnServers: ['turn.example.org:3478'],
    warnings: ['w'],
  },
  { type: 'status', phoneConnections: 1, sipFlows: 2, requests: 3, refusals: 4 },
  { type: 'applied', serial: 7 },
];

describe('orders and reports', () => {
  it.each(orders.map((order) => [order.type, order] as const))('%s is read as it was written', (_type, order) => {
    const line = writeOrder(order);
    expect(line.endsWith('\n') && line.indexOf('\n') === line.length - 1).toBe(true);
    expect(readOrder(line.trim())).toEqual(order);
  });
  it.each(reports.map((report) => [report.type, report] as const))('%s is read as it was written', (_type, report) => {
    expect(readReport(writeReport(report).trim())).toEqual(report);
  });
  it('of a newer version are passed over', () => {
    expect(readOrder('{"type":"dance"}')).toBeUndefined();
    expect(readReport('{"type":"dance"}')).toBeUndefined();
  });
  it('that are none throw MalformedError only', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        for (const read of [
          readOrder,
          readReport,
          readFileDemand,
          readEdgeConfigDemand,
          readPairingOffer,
          readPairingText,
        ]) {
          try {
            read(text);
          } catch (error) {
            expect(error).toBeInstanceOf(MalformedError);
          }
        }
      }),
    );
  });
});

describe('demands', () => {
  it('are read as they were written', () => {
    const file = { authorization: 'Bearer a.b.c', name: 'SEP001122334455.cnf.xml' };
    expect(readFileDemand(writeFileDemand(file))).toEqual(file);
    const discovery = { domain: 'mra.example.org', serviceNames: ['_cisco-uds'] };
    expect(readEdgeConfigDemand(writeEdgeConfigDemand(discovery))).toEqual(discovery);
  });
});

describe('a pairing text', () => {
  const text = {
    name: 'e1',
    address: '[2001:db8::5]:7001',
    certificateSha256: new Uint8Array(32).fill(1),
    assertionKey: new Uint8Array(32).fill(2),
    secret: new Uint8Array(32).fill(3),
    expiresAt: 99,
  };
  it('is read as it was written, however it was broken over lines', () => {
    const written = writePairingText(text);
    expect(readPairingText(` ${written.slice(0, 40)}\r\n  ${written.slice(40)}\n`)).toEqual(text);
  });
  it.each(['', 'FREDGE1.', 'FREDGE2.e30', 'FREDGE1.e30', 'FREDGE1.!!'])('%j is none', (given) => {
    expect(() => readPairingText(given)).toThrow(MalformedError);
  });
  it('is answered yes or no', () => {
    const proof = new Uint8Array(32).fill(4);
    expect(readPairingOffer(writePairingOffer({ name: 'c1', proof }).trim())).toEqual({ name: 'c1', proof });
    for (const answer of [{ accepted: false }, { accepted: true, proof }] as const) {
      expect(readPairingAnswer(writePairingAnswer(answer).trim())).toEqual(answer);
    }
  });
});

describe('lines', () => {
  it('come out whole, however the octets arrive', () => {
    const line = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !text.includes('\n'));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), fc.integer({ min: 1, max: 9 }), (lines, step) => {
        const octets = utf8(lines.map((each) => `${each}\n`).join(''));
        const reader = new LineReader(10_000);
        const read: string[] = [];
        for (let at = 0; at < octets.length; at += step) read.push(...reader.push(octets.slice(at, at + step)));
        expect(read).toEqual(lines);
      }),
    );
  });
  it('may not be longer than agreed, nor anything but UTF-8', () => {
    const reader = new LineReader(10);
    expect([...reader.push(utf8('0123456789\n'))]).toEqual(['0123456789']);
    expect(() => [...reader.push(utf8('01234567890'))]).toThrow(MalformedError);
    expect(() => [...new LineReader(10).push(Uint8Array.of(0xff, 10))]).toThrow(MalformedError);
  });
});
