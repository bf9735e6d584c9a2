import { type DnsMessage, dnsResponse, recordTypes, responseCodes } from '../../protocol/dns/message.ts';
import { isWithin, sameName } from '../../protocol/dns/name.ts';
import type { DnsRecord } from '../../protocol/dns/record.ts';

/** A zone and all there is in it. */
export interface DnsZone {
  readonly name: string;
  readonly records: readonly DnsRecord[];
}

/** Seconds. */
const ttl = 60;

/** An edge of a laboratory: its service record and its address. */
export function edgeZone(edge: {
  readonly domain: string;
  /** Host names with their ports, best first. */
  readonly targets: readonly { readonly host: string; readonly port: number; readonly address: string }[];
}): DnsZone {
  const service = `_collab-edge._tls.${edge.domain}`;
  return {
    name: edge.domain,
    records: edge.targets.flatMap(({ host, port, address }, at): DnsRecord[] => [
      { type: 'SRV', name: service, ttl, priority: 10 + at, weight: 10, port, target: host },
      { type: address.includes(':') ? 'AAAA' : 'A', name: host, ttl, address },
    ]),
  };
}

/** The authoritative answer; REFUSED for what lies in no zone here. */
export function answerFrom(zones: readonly DnsZone[], query: DnsMessage): DnsMessage {
  const [question, ...more] = query.questions;
  if (query.opcode !== 0) return dnsResponse(query, responseCodes.notImplemented);
  if (question === undefined || more.length > 0) return dnsResponse(query, responseCodes.formatError);
  const zone = zones
    .filter(({ name }) => isWithin(question.name, name))
    .sort((a, b) => b.name.length - a.name.length)[0];
  if (zone === undefined) return dnsResponse(query, responseCodes.refused);
  const own = zone.records.filter(({ name }) => sameName(name, question.name));
  // A name above others exists even when it has no record of its own.
  const exists = zone.records.some(({ name }) => isWithin(name, question.name)) || sameName(zone.name, question.name);
  const answers = own.filter(({ type }) => recordTypes[type] === question.type || type === 'CNAME');
  const targets = answers.flatMap((record) => ('target' in record ? [record.target] : []));
  const nothing: DnsRecord = {
    type: 'SOA',
    name: zone.name,
    ttl,
    primary: `ns.${zone.name}`,
    mailbox: `hostmaster.${zone.name}`,
    serial: 1,
    minimum: ttl,
  };
  return {
    ...dnsResponse(query, exists ? responseCodes.noError : responseCodes.nameError),
    authoritative: true,
    answers,
    authority: answers.length === 0 ? [nothing] : [],
    additional: zone.records.filter(
      (record) => 'address' in record && targets.some((target) => sameName(target, record.name)),
    ),
  };
}
