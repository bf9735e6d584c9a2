import { MalformedError } from '../../kernel/errors.ts';
import { readName, writeName } from './name.ts';
import { type DnsRecord, readRecord, writeRecord } from './record.ts';

/** DNS messages (RFC 1035 §4), as much of them as service discovery needs: questions and answers of class IN. */

export const recordTypes = { A: 1, CNAME: 5, SOA: 6, AAAA: 28, SRV: 33 } as const;
export type RecordType = keyof typeof recordTypes;

/** RFC 1035 §4.1.1 and RFC 2136. */
export const responseCodes = {
  noError: 0,
  formatError: 1,
  serverFailure: 2,
  nameError: 3,
  notImplemented: 4,
  refused: 5,
} as const;

export interface DnsQuestion {
  readonly name: string;
  /** A number of `recordTypes`, or any other 16-bit type. */
  readonly type: number;
}

export interface DnsMessage {
  /** 16 bits. */
  readonly id: number;
  readonly response: boolean;
  /** 0: a standard query. */
  readonly opcode: number;
  readonly authoritative: boolean;
  /** The answer did not fit; it is to be had over TCP. */
  readonly truncated: boolean;
  readonly recursionDesired: boolean;
  readonly recursionAvailable: boolean;
  /** A number of `responseCodes`, or any other up to 15. */
  readonly code: number;
  readonly questions: readonly DnsQuestion[];
  readonly answers: readonly DnsRecord[];
  readonly authority: readonly DnsRecord[];
  readonly additional: readonly DnsRecord[];
}

/** What a message over UDP may measure without EDNS, octets (RFC 1035 §4.2.1). */
export const maximumUdpMessage = 512;
const headerLength = 12;
const classIn = 1;

/** A query for one name and type, as a resolver's client asks it. */
export function dnsQuery(id: number, name: string, type: RecordType): Uint8Array {
  return writeDns({
    ...empty,
    id,
    recursionDesired: true,
    questions: [{ name, type: recordTypes[type] }],
  });
}

/** A response to a query, before its answers. */
export function dnsResponse(query: DnsMessage, code: number): DnsMessage {
  const { id, opcode, questions, recursionDesired } = query;
  return { ...empty, id, opcode, questions, recursionDesired, response: true, code };
}

const empty: DnsMessage = {
  id: 0,
  response: false,
  opcode: 0,
  authoritative: false,
  truncated: false,
  recursionDesired: false,
  recursionAvailable: false,
  code: 0,
  questions: [],
  answers: [],
  authority: [],
  additional: [],
};

export function writeDns(message: DnsMessage): Uint8Array {
  const out: number[] = [];
  const push16 = (value: number) => out.push((value >> 8) & 0xff, value & 0xff);
  push16(message.id);
  push16(
    (message.response ? 0x8000 : 0) |
      (message.opcode << 11) |
      (message.authoritative ? 0x0400 : 0) |
      (message.truncated ? 0x0200 : 0) |
      (message.recursionDesired ? 0x0100 : 0) |
      (message.recursionAvailable ? 0x0080 : 0) |
      message.code,
  );
  const { questions, answers, authority, additional } = message;
  for (const { length } of [questions, answers, authority, additional]) push16(length);
  const known = new Map<string, number>();
  for (const { name, type } of questions) {
    writeName(out, name, known);
    push16(type);
    push16(classIn);
  }
  for (const record of [...answers, ...authority, ...additional]) writeRecord(out, record, known);
  return Uint8Array.from(out);
}

/** Leaves answers out until the message fits, and says so. Lengths in octets. */
export function fitDns(message: DnsMessage, most: number): Uint8Array {
  const whole = writeDns(message);
  if (whole.length <= most) return whole;
  const lean = writeDns({ ...message, additional: [] });
  if (lean.length <= most) return lean;
  return writeDns({ ...message, truncated: true, answers: [], authority: [], additional: [] });
}

/** Throws MalformedError. Records of other classes and types are read over; of EDNS nothing is kept. */
export function readDns(bytes: Uint8Array): DnsMessage {
  if (bytes.length < headerLength) throw new MalformedError('shorter than a DNS header', bytes.length);
  const read16 = (at: number) => (bytes[at]! << 8) | bytes[at + 1]!;
  const flags = read16(2);
  let at = headerLength;
  const questions: DnsQuestion[] = [];
  for (let left = read16(4); left > 0; left--) {
    const { name, next } = readName(bytes, at);
    if (next + 4 > bytes.length) throw new MalformedError('a question runs past the end', next);
    if (read16(next + 2) !== classIn) throw new MalformedError('a question of another class', next);
    questions.push({ name, type: read16(next) });
    at = next + 4;
  }
  const section = (count: number) => {
    const records: DnsRecord[] = [];
    for (let left = count; left > 0; left--) {
      const { record, next } = readRecord(bytes, at);
      if (record !== undefined) records.push(record);
      at = next;
    }
    return records;
  };
  const answers = section(read16(6));
  const authority = section(read16(8));
  const additional = section(read16(10));
  return {
    id: read16(0),
    response: (flags & 0x8000) !== 0,
    opcode: (flags >> 11) & 0x0f,
    authoritative: (flags & 0x0400) !== 0,
    truncated: (flags & 0x0200) !== 0,
    recursionDesired: (flags & 0x0100) !== 0,
    recursionAvailable: (flags & 0x0080) !== 0,
    code: flags & 0x0f,
    questions,
    answers,
    authority,
    additional,
  };
}
