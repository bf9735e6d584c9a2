/** 12 upper-case hex digits, unicast, not all zero. */
export type MacAddress = string & { readonly __brand: 'MacAddress' };

/** Accepts 001122334455, 00:11:22:33:44:55, 00-11-22-33-44-55, 0011.2233.4455, any case. Undefined when it is not a unicast MAC. */
export function parseMacAddress(text: string): MacAddress | undefined {
  const trimmed = text.trim();
  const plain =
    /^(?:[0-9a-f]{12}|[0-9a-f]{2}(?:([:-])[0-9a-f]{2})(?:\1[0-9a-f]{2}){4}|[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4})$/i.test(
      trimmed,
    )
      ? trimmed.replace(/[:.-]/g, '').toUpperCase()
      : undefined;
  return plain !== undefined && isMacAddress(plain) ? plain : undefined;
}

/** Exact form only: 12 upper-case hex digits, group bit clear. */
export function isMacAddress(text: string): text is MacAddress {
  return /^[0-9A-F]{12}$/.test(text) && (Number.parseInt(text.slice(0, 2), 16) & 1) === 0 && text !== '000000000000';
}
