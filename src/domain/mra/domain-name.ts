const prefix = /^_collab-edge\._tls\./i;
/** A DNS name of at least two labels, lower case. */
const form = /^(?=.{3,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * The domain that people mean by `emea.example.org`, `EMEA.example.org.` or the whole SRV record `_collab-edge._tls.emea.example.org`.
 * Undefined: that is none.
 */
export function parseMraDomain(text: string): string | undefined {
  const domain = text.trim().replace(prefix, '').replace(/\.$/, '').toLowerCase();
  return form.test(domain) ? domain : undefined;
}

/** RFC 2782 name of the record that leads phones to the edge. */
export function edgeRecord(domain: string): string {
  return `_collab-edge._tls.${domain}`;
}
