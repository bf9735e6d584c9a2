/** What is wrong with E's server certificate, for whoever administers it. */
export interface NameFinding {
  /** `error`: phones will refuse it. */
  readonly level: 'error' | 'warning';
  readonly code: 'host_not_named' | 'domain_not_named' | 'expired' | 'expires_soon' | 'not_yet_valid' | 'self_signed';
  /** What the sentence is about: a host name, a domain, or a date. */
  readonly subject: string;
  readonly message: string;
  readonly remedy: string;
}

export interface ServerCertificateFacts {
  /** DNS names of the subjectAltName. */
  readonly names: readonly string[];
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** Issued by itself: no authority behind it. */
  readonly selfSigned: boolean;
}

const day = 86_400_000;
const soon = 30 * day;

/** RFC 6125 §6.4: a wildcard stands for the whole left-most label. */
export function namesHost(names: readonly string[], host: string): boolean {
  const wanted = host.toLowerCase();
  return names.some((name) => {
    const each = name.toLowerCase();
    if (!each.startsWith('*.')) return each === wanted;
    const dot = wanted.indexOf('.');
    return dot > 0 && wanted.slice(dot) === each.slice(1);
  });
}

/**
 * The SRV record's target must be named by the certificate, or no phone connects. The field also wants each domain (or `collab-edge.<domain>`) in it:
 * phones that log in by user name check that.
 */
export function judgeServerCertificate(
  facts: ServerCertificateFacts,
  host: string,
  domains: readonly string[],
  now: number,
): readonly NameFinding[] {
  const findings: NameFinding[] = [];
  if (!namesHost(facts.names, host)) {
    findings.push({
      level: 'error',
      code: 'host_not_named',
      subject: host,
      message: `The certificate does not name ${host}, which the SRV records lead to: phones will refuse it.`,
      remedy: `Have it issued again with the DNS name ${host}; the signing request made here already asks for it.`,
    });
  }
  for (const domain of domains) {
    if (namesHost(facts.names, domain) || namesHost(facts.names, `collab-edge.${domain}`)) continue;
    findings.push({
      level: 'warning',
      code: 'domain_not_named',
      subject: domain,
      message: `The certificate names neither ${domain} nor collab-edge.${domain}.`,
      remedy: `Add one of the two as a DNS name when it is issued next.`,
    });
  }
  const until = new Date(facts.notAfter).toISOString().slice(0, 10);
  if (now > facts.notAfter) {
    findings.push({
      level: 'error',
      code: 'expired',
      subject: until,
      message: `The certificate has expired on ${until}.`,
      remedy: 'Upload a new one.',
    });
  } else if (now > facts.notAfter - soon) {
    findings.push({
      level: 'warning',
      code: 'expires_soon',
      subject: until,
      message: `The certificate expires on ${until}.`,
      remedy: 'Upload a new one before that day.',
    });
  }
  if (now < facts.notBefore) {
    const from = new Date(facts.notBefore).toISOString().slice(0, 10);
    findings.push({
      level: 'error',
      code: 'not_yet_valid',
      subject: from,
      message: `The certificate is not valid before ${from}.`,
      remedy: 'Check the clock of this host, or wait.',
    });
  }
  if (facts.selfSigned) {
    findings.push({
      level: 'warning',
      code: 'self_signed',
      subject: host,
      message: 'The certificate is self-signed, made at the first start.',
      remedy: 'Upload one of your authority, or give this one to PhoneEdge-trust on Unified CM.',
    });
  }
  return findings;
}
