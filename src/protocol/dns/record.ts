import { MalformedError } from '../../kernel/errors.ts';
import { formatIpv4, formatIpv6, parseIpv4, parseIpv6 } from './address.ts';
import { readName, writeName } from './name.ts';

/** Resource records of class IN (RFC 1035 §3.2; SRV: RFC 2782; AAAA: RFC 3596). `ttl` in seconds. */
export type DnsRecord = {
  readonly name: string;
  readonly ttl: number;
} & (
  | { readonly type: 'A' | 'AAAA'; readonly address: string }
  | {
      readonly type: 'SRV';
      /** Lower is tried first. */
      readonly priority: number;
      /** Share among those of one priority. */
      readonly weight: number;
      readonly port: number;
      /** The empty name: the service is decidedly not available here. */
      readonly target: string;
    }
  | { readonly type: 'CNAME'; readonly target: string }
  | {
      readonly type: 'SOA';
      readonly primary: string;
      readonly mailbox: string;
      readonly serial: number;
      /** Seconds for which a missing name may be remembered. */
      readonly minimum: number;
    }
);

const typeNumbers = { A: 1, CNAME: 5, SOA: 6, AAAA: 28, SRV: 33 } as const;
const classIn = 1;

export function writeRecord(out: number[], record: DnsRecord, known: Map<string, number>): void {
  const push16 = (value: number) => out.push((value >> 8) & 0xff, value & 0xff);
  const push32 = (value: number) => {
    push16(value >>> 16);
    push16(value & 0xffff);
  };
  writeName(out, record.name, known);
  push16(typeNumbers[record.type]);
  push16(classIn);
  push32(record.ttl);
  const lengthAt = out.length;
  push16(0);
  switch (record.type) {
    case 'A':
      out.push(...parseIpv4(record.address));
      break;
    case 'AAAA':
      out.push(...parseIpv6(record.address));
      break;
    case 'SRV':
      push16(record.priority);
      push16(record.weight);
      push16(record.port);
      // RFC 2782: the target is not compressed.
      writeName(out, record.target, undefined);
      break;
    case 'CNAME':
      writeName(out, record.target, known);
      break;
    case 'SOA':
      writeName(out, record.primary, known);
      writeName(out, record.mailbox, known);
      for (const value of [record.serial, 3600, 600, 86_400, record.minimum]) push32(value);
      break;
  }
  const length = out.length - lengthAt - 2;
  out[lengthAt] = length >> 8;
  out[lengthAt + 1] = length & 0xff;
}

/** `record` is undefined for classes and types that mean nothing here. Throws MalformedError. */
export function readRecord(
  bytes: Uint8Array,
  start: number,
): { readonly record: DnsRecord | undefined; readonly next: number } {
  const read16 = (at: number) => (bytes[at]! << 8) | bytes[at + 1]!;
  const read32 = (at: number) => read16(at) * 0x10000 + read16(at + 2);
  const { name, next: at } = readName(bytes, start);
  if (at + 10 > bytes.length) throw new MalformedError('a record runs past the end', at);
  const [type, ofClass, ttl, length] = [read16(at), read16(at + 2), read32(at + 4), read16(at + 8)];
  const data = at + 10;
  const end = data + length;
  if (end > bytes.length) throw new MalformedError('a record runs past the end', data);
  const common = { name, ttl };
  const exactly = (octets: number) => {
    if (length !== octets) throw new MalformedError('a record of the wrong length', data);
  };
  /** The name must fill the rest of the record. */
  const lastName = (from: number) => {
    const read = readName(bytes, from);
    if (read.next !== end) throw new MalformedError('a name does not fill its record', from);
    return read.name;
  };
  if (ofClass !== classIn) return { record: undefined, next: end };
  switch (type) {
    case typeNumbers.A:
      exactly(4);
      return { record: { ...common, type: 'A', address: formatIpv4(bytes.subarray(data, end)) }, next: end };
    case typeNumbers.AAAA:
      exactly(16);
      return { record: { ...common, type: 'AAAA', address: formatIpv6(bytes.subarray(data, end)) }, next: end };
    case typeNumbers.SRV: {
      if (length < 7) throw new MalformedError('an SRV record is too short', data);
      const [priority, weight, port] = [read16(data), read16(data + 2), read16(data + 4)];
      return { record: { ...common, type: 'SRV', priority, weight, port, target: lastName(data + 6) }, next: end };
    }
    case typeNumbers.CNAME:
      return { record: { ...common, type: 'CNAME', target: lastName(data) }, next: end };
    case typeNumbers.SOA: {
      const primary = readName(bytes, data);
      const mailbox = readName(bytes, primary.next);
      if (mailbox.next + 20 !== end) throw new MalformedError('an SOA record of the wrong length', data);
      return {
        record: {
          ...common,
          type: 'SOA',
          primary: primary.name,
          mailbox: mailbox.name,
          serial: read32(mailbox.next),
          minimum: read32(mailbox.next + 16),
        },
        next: end,
      };
    }
    default:
      return { record: undefined, next: end };
  }
}
