/**
 * One plain mailbox: dot-atom `@` domain name of RFC 5321 §4.1.2, ASCII, no quoted strings, comments, address literals, display names or
 * lists. Nothing in it can end a header line, start another header or name another recipient.
 */
export type Mailbox = string & { readonly __brand: 'Mailbox' };

const atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const label = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
const form = new RegExp(`^(${atom}(?:\\.${atom})*)@(${label}(?:\\.${label})*)$`);

/** Undefined for what is not exactly one plain mailbox. Lengths by RFC 5321 §4.5.3.1: 64 before, 253 behind the `@`, 254 in all. */
export function parseMailbox(text: string): Mailbox | undefined {
  if (text.length > 254) return undefined;
  const [, local, domain] = form.exec(text) ?? [];
  if (local === undefined || domain === undefined || local.length > 64 || domain.length > 253) return undefined;
  // A last label without a letter is an IP address without its brackets.
  return /[A-Za-z][A-Za-z0-9-]*$/.test(domain) ? (text as Mailbox) : undefined;
}

export function domainOf(mailbox: Mailbox): string {
  return mailbox.slice(mailbox.lastIndexOf('@') + 1);
}
