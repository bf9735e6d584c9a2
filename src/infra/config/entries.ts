import { isIP } from 'node:net';

/**
 * What a pattern cannot tell of a setting's text, so that nobody finds out by a start that breaks off or by an entry that does nothing. Each answers what is
 * wrong and what would be right, or undefined.
 */
export type Look = (text: string) => string | undefined;

const entriesOf = (text: string) => text.split(',').map((each) => each.trim());

/** Every entry of a text with commas. */
export const eachEntry =
  (look: Look): Look =>
  (text) => {
    for (const each of entriesOf(text)) {
      const wrong = look(each);
      if (wrong !== undefined) return `${JSON.stringify(each)} ${wrong}`;
    }
    return undefined;
  };

/** A DNS name or an address. */
export function hostWrong(host: string): string | undefined {
  if (isIP(host) !== 0) return undefined;
  if (host.includes(':')) return 'is no IPv6 address; write one like 2001:db8::1';
  if (/^[\d.]*\.\d+$/.test(host)) return 'is no IPv4 address; write four numbers from 0 to 255, like 192.0.2.1';
  return host.split('.').every((label) => /^[0-9a-z](?:[0-9a-z-]{0,61}[0-9a-z])?$/i.test(label))
    ? undefined
    : 'is no host name; its parts have 1 to 63 letters, digits and hyphens, and no hyphen at either end';
}

/** `host`, `host:port`, `[address]:port`. */
export function hostPortWrong(text: string): string | undefined {
  const { host = '', port } = /^(?<host>\[[^\]]*\]|[^:]*)(?::(?<port>\d+))?$/.exec(text)?.groups ?? {};
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535))
    return `has port ${port}; a port is a number from 1 to 65535`;
  return hostWrong(host.replace(/^\[|\]$/g, ''));
}

/** The same, of an address only. */
export function addressPortWrong(text: string): string | undefined {
  const host = text.startsWith('[') ? text.slice(1).split(']', 1)[0]! : text.split(':', 1)[0]!;
  if (isIP(host) === 0) return 'is no address; write one like 192.0.2.53 or [2001:db8::53]:5353';
  return hostPortWrong(text);
}

/** A host name, an address, or a network with its prefix. */
export function networkWrong(text: string): string | undefined {
  const [host = '', prefix] = text.split('/', 2);
  if (prefix === undefined) return hostWrong(host);
  const family = isIP(host);
  if (family === 0) return 'has a prefix, and is no address; write a network like 10.1.2.0/24';
  const most = family === 4 ? 32 : 128;
  return Number(prefix) > most ? `has the prefix ${prefix}; one of IPv${family} is from 0 to ${most}` : undefined;
}

/** `https://host:port` and `udp://host:port`: what stands behind the scheme. */
export const originWrong: Look = (text) => {
  const wrong = hostPortWrong(text.replace(/^[a-z]+:\/\//i, ''));
  return wrong === undefined ? undefined : `its host ${wrong}`;
};

/** A URL of PostgreSQL, as the driver reads it: it encodes spaces and lone percent signs itself and takes `user@/name`. Repeats nothing: it holds a password. */
export function databaseUrlWrong(text: string): string | undefined {
  const lone = / |%(?![0-9a-f]{2})/i.test(text);
  const encoded = lone ? encodeURI(text).replace(/%25(\d\d)/g, '%$1') : text;
  const url = URL.parse(encoded) ?? URL.parse(encoded.replace('@/', '@localhost/'));
  if (url === null) return 'it is no URL; percent-encode what is special in the password, and check host and port';
  return url.port === '0' ? 'its port is 0; a port is a number from 1 to 65535' : undefined;
}
