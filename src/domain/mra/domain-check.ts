import { edgeRecord } from './domain-name.ts';

/** The live check of a service domain: do phones outside find an edge by it, and can they trust it? */

export interface SrvTarget {
  readonly host: string;
  readonly port: number;
  readonly priority: number;
  readonly weight: number;
}

export type LookupFailure = 'no-such-name' | 'server-failed' | 'timed-out';

export interface EdgeLookup {
  /** SRV records of a name; a failure when there is no answer that can be used. */
  srv(name: string): Promise<readonly SrvTarget[] | LookupFailure>;
  /** IPv4 and IPv6. */
  addresses(host: string): Promise<readonly string[] | LookupFailure>;
}

export interface SeenCertificate {
  readonly subject: string;
  /** DNS names in it. */
  readonly names: readonly string[];
  readonly notAfter: Date;
  /** Whether the SRV target is one of its names (RFC 6125). */
  readonly fitsHost: boolean;
  readonly inTime: boolean;
  readonly trust: 'phone-edge-trust' | 'public' | 'untrusted';
}

export interface EdgeProbe {
  /** What the server behind an address shows for `host`; a failure when no TLS comes about. */
  look(
    host: string,
    address: string,
    port: number,
  ): Promise<SeenCertificate | 'refused' | 'timed-out' | 'tls-failed' | 'unreachable'>;
}

export type FindingCode =
  | 'srv_missing'
  | 'srv_lookup_failed'
  | 'srv_not_offered'
  | 'address_missing'
  | 'edge_unreachable'
  | 'edge_tls_failed'
  | 'edge_certificate_name'
  | 'edge_certificate_untrusted'
  | 'edge_certificate_expired'
  | 'edge_certificate_ends_soon';

export interface Finding {
  readonly code: FindingCode;
  readonly severity: 'error' | 'warning';
  readonly text: string;
  readonly remedy: string;
}

export interface CheckedTarget extends SrvTarget {
  readonly addresses: readonly string[];
  readonly certificate: SeenCertificate | undefined;
  readonly findings: readonly Finding[];
}

export interface DomainCheck {
  readonly domain: string;
  readonly record: string;
  readonly checkedAt: Date;
  /** ok: at least one edge, and nothing wrong; partly: a phone gets through, something is wrong; failed: no phone gets through. */
  readonly outcome: 'ok' | 'partly' | 'failed';
  readonly findings: readonly Finding[];
  readonly targets: readonly CheckedTarget[];
}

const soon = 30 * 24 * 3600 * 1000;
/** More targets than any deployment has; a check does not go on for ever. */
const mostTargets = 16;

const error = (code: FindingCode, text: string, remedy: string): Finding => ({ code, severity: 'error', text, remedy });

export async function checkDomain(
  domain: string,
  parts: { readonly lookup: EdgeLookup; readonly probe: EdgeProbe; readonly clock: { now(): number } },
): Promise<DomainCheck> {
  const record = edgeRecord(domain);
  const checkedAt = new Date(parts.clock.now());
  const found = await parts.lookup.srv(record);
  const base = { domain, record, checkedAt };
  if (typeof found === 'string' || found.length === 0)
    return { ...base, outcome: 'failed', targets: [], findings: [recordMissing(record, found)] };
  // RFC 2782: a single target of `.` says that the service is not offered.
  if (found.length === 1 && (found[0]!.host === '' || found[0]!.host === '.'))
    return {
      ...base,
      outcome: 'failed',
      targets: [],
      findings: [
        error(
          'srv_not_offered',
          `${record} says that the service is not offered.`,
          'Let the record name your Expressway-E.',
        ),
      ],
    };
  const ordered = [...found].sort((a, b) => a.priority - b.priority || b.weight - a.weight).slice(0, mostTargets);
  const targets = await Promise.all(ordered.map((target) => checkTarget(target, parts)));
  const good = targets.filter(({ findings }) => findings.every(({ severity }) => severity !== 'error')).length;
  const clean = targets.every(({ findings }) => findings.length === 0);
  return { ...base, outcome: good === 0 ? 'failed' : clean ? 'ok' : 'partly', findings: [], targets };
}

function recordMissing(record: string, found: readonly SrvTarget[] | LookupFailure): Finding {
  return found === 'server-failed' || found === 'timed-out'
    ? error(
        'srv_lookup_failed',
        `The DNS server gave no answer about ${record}.`,
        'Check the DNS server of this node; phones outside ask public DNS.',
      )
    : error(
        'srv_missing',
        `There is no SRV record ${record}.`,
        'Add it in public DNS: priority 10, weight 10, port 8443, target the name of your Expressway-E as in its certificate.',
      );
}

async function checkTarget(
  target: SrvTarget,
  { lookup, probe, clock }: { lookup: EdgeLookup; probe: EdgeProbe; clock: { now(): number } },
): Promise<CheckedTarget> {
  const { host, port } = target;
  const addresses = await lookup.addresses(host);
  if (typeof addresses === 'string' || addresses.length === 0)
    return {
      ...target,
      addresses: [],
      certificate: undefined,
      findings: [error('address_missing', `${host} has no address.`, 'Add an A or AAAA record for it in public DNS.')],
    };
  const seen = await probe.look(host, addresses[0]!, port);
  if (typeof seen === 'string')
    return { ...target, addresses, certificate: undefined, findings: [notReached(host, addresses[0]!, port, seen)] };
  return { ...target, addresses, certificate: seen, findings: findingsAbout(host, seen, clock.now()) };
}

function notReached(host: string, address: string, port: number, how: string): Finding {
  if (how === 'tls-failed')
    return error(
      'edge_tls_failed',
      `${host} at ${address}:${port} does not speak TLS as phones do.`,
      'Check that the port is that of Expressway-E, and that nothing in between ends TLS.',
    );
  return error(
    'edge_unreachable',
    how === 'refused'
      ? `${host} at ${address}:${port} refuses connections.`
      : `${host} at ${address}:${port} does not answer.`,
    'Check that Expressway-E runs and that the firewall lets phones reach it. Some networks keep their own nodes from their outside addresses: then only a phone outside can tell.',
  );
}

function findingsAbout(host: string, seen: SeenCertificate, now: number): readonly Finding[] {
  const findings: Finding[] = [];
  if (!seen.fitsHost)
    findings.push(
      error(
        'edge_certificate_name',
        `The certificate of ${host} is for ${seen.names.join(', ') || seen.subject}.`,
        `Phones refuse it: give Expressway-E a certificate with the name ${host}, or let the SRV record name what is in it.`,
      ),
    );
  if (!seen.inTime)
    findings.push(
      error(
        'edge_certificate_expired',
        `The certificate of ${host} is valid until ${seen.notAfter.toISOString()} and not now.`,
        'Renew the certificate of Expressway-E.',
      ),
    );
  else if (seen.notAfter.getTime() - now < soon)
    findings.push({
      code: 'edge_certificate_ends_soon',
      severity: 'warning',
      text: `The certificate of ${host} ends on ${seen.notAfter.toISOString()}.`,
      remedy: 'Renew the certificate of Expressway-E before.',
    });
  if (seen.trust === 'untrusted')
    findings.push(
      error(
        'edge_certificate_untrusted',
        `The certificate of ${host} chains neither to PhoneEdge-trust nor, where that is empty, to a public authority.`,
        'Upload its certificate authority to PhoneEdge-trust: phones get it from the cloud.',
      ),
    );
  return findings;
}
