import 'reflect-metadata';
import { hash } from 'node:crypto';
import { expect, it } from 'vitest';
import { makeAuthority, makeMic } from '../../../test/support/certificates.ts';
import { revocationList } from '../../../test/support/revocation-lists.ts';
import { doRevocationListJob } from '../trust/revocation-list-job.ts';
import { ToldMicJudge } from './mic-judge.ts';

it('an edge refuses what the manufacturer revoked, as soon as every cluster that trusts the phone says so', async () => {
  const root = await makeAuthority({ name: 'Edge Root' });
  const mic = await makeMic({ issuer: root });
  const trusted = [
    {
      der: root.der,
      sha256: hash('sha256', root.der, 'buffer'),
      micRoot: true,
      legacySha1: false,
      expiredMicsUntil: undefined,
    },
  ];
  const octets = revocationList({ issuer: root, entries: [mic.certificate.serialNumber, '77'] });
  const read = doRevocationListJob({ octets, trusted });
  if (read.kind !== 'list') throw new Error(read.refusal);
  const cluster = (revoked: readonly Uint8Array[]) => ({
    micTrust: [{ der: root.der, micRoot: true, legacySha1: false }],
    micDenied: { serials: [], keys: [], macs: [], revoked },
  });
  const judge = new ToldMicJudge({ now: Date.now });
  const verdict = () => {
    const said = judge.inspect([mic.der]);
    return said.accepted ? 'accepted' : said.problem;
  };
  judge.tell([cluster([])]);
  expect(verdict()).toBe('accepted');
  const before = judge.age;
  judge.tell([cluster([read.list.revoked])]);
  expect(verdict()).toBe('mic_revoked');
  // Connections that were judged before are judged again.
  expect(judge.age).toBe(before + 1);
  judge.tell([cluster([read.list.revoked])]);
  expect(judge.age).toBe(before + 1);
  // Each cluster judges again inside.
  judge.tell([cluster([read.list.revoked]), cluster([])]);
  expect(verdict()).toBe('accepted');
  judge.tell([cluster([]), cluster([])]);
  expect(verdict()).toBe('accepted');
});
