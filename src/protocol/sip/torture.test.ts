import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { registerContacts } from './contact.ts';
import { judgeMessage } from './judge.ts';
import { header, headerAll } from './message.ts';
import { decodedUser } from './uri.ts';
import { branchOf } from './via.ts';
import { writeMessage } from './write.ts';

const folder = join(import.meta.dirname, '../../../vectors/sip');

interface Case {
  readonly file: string;
  readonly section: string;
  readonly title: string;
  readonly verdict: 'accept' | 'refuse' | 'drop';
  readonly status?: number;
  readonly via_count?: number;
  readonly max_forwards?: number;
  readonly cseq?: number;
  readonly uri_user?: string;
  readonly from_user?: string;
  readonly scheme?: string;
  readonly method?: string;
  readonly contact?: string;
  readonly body?: number;
  readonly branch?: null;
}

const { cases } = JSON.parse(readFileSync(join(folder, 'verdicts.json'), 'utf8')) as { cases: readonly Case[] };

describe('vectors/sip (RFC 4475 and our own)', () => {
  it.each(cases)('$section $file: $title → $verdict', (expected) => {
    const verdict = judgeMessage(readFileSync(join(folder, expected.file)));
    if (expected.verdict === 'drop') return expect(verdict.kind).toBe('drop');
    if (expected.verdict === 'refuse')
      return expect(verdict).toMatchObject({ kind: 'refuse', status: expected.status });
    if (verdict.kind === 'response') return expect(verdict.response.status).toBe(expected.status);
    if (verdict.kind !== 'request') return expect(verdict).toMatchObject({ kind: 'request' });
    const { request, envelope } = verdict;
    if (expected.via_count !== undefined) expect(headerAll(request, 'via')).toHaveLength(expected.via_count);
    if (expected.max_forwards !== undefined) expect(envelope.maxForwards).toBe(expected.max_forwards);
    if (expected.cseq !== undefined) expect(envelope.cseq).toBe(expected.cseq);
    if (expected.method !== undefined) expect(request.method).toBe(expected.method);
    if (expected.body !== undefined) expect(request.body).toHaveLength(expected.body);
    if (expected.branch === null) expect(branchOf(envelope.via)).toBeUndefined();
    if (expected.scheme !== undefined) expect(envelope.uri).toMatchObject({ kind: 'other', scheme: expected.scheme });
    if (expected.uri_user !== undefined && envelope.uri.kind === 'sip') {
      expect(decodedUser(envelope.uri.uri)).toBe(expected.uri_user);
    }
    if (expected.from_user !== undefined)
      expect(envelope.from.uri).toMatchObject({ uri: { user: expected.from_user } });
    if (expected.contact !== undefined) {
      expect(registerContacts(request)).toMatchObject({ contacts: [{ address: { uriText: expected.contact } }] });
    }
  });

  it.each(cases.filter((each) => each.verdict === 'accept'))(
    '$file survives being written and read again',
    ({ file }) => {
      const first = judgeMessage(readFileSync(join(folder, file)));
      const message = first.kind === 'request' ? first.request : first.kind === 'response' ? first.response : undefined;
      const second = judgeMessage(writeMessage(message!));
      const again =
        second.kind === 'request' ? second.request : second.kind === 'response' ? second.response : undefined;
      expect(again).toBeDefined();
      expect(header(again!, 'call-id')).toBe(header(message!, 'call-id'));
      const withoutLength = (headers: readonly { key: string }[]) =>
        headers.filter((each) => each.key !== 'content-length');
      expect({ ...again, headers: withoutLength(again!.headers) }).toEqual({
        ...message,
        headers: withoutLength(message!.headers),
      });
    },
  );
});
