/** 1 to 24 characters of a dialable number: digits, `*`, `#`, a leading `+`. Patterns (X, wildcards) are not lines of a phone. */
export type DirectoryNumber = string & { readonly __brand: 'DirectoryNumber' };

export function isDirectoryNumber(text: string): text is DirectoryNumber {
  return /^\+?[0-9*#]{1,23}$/.test(text) && text.length <= 24;
}

export function parseDirectoryNumber(text: string): DirectoryNumber | undefined {
  const trimmed = text.trim();
  return isDirectoryNumber(trimmed) ? trimmed : undefined;
}
