import type { Random } from '../kernel/random.ts';
import { verhoeffDigit, verhoeffValid } from './verhoeff.ts';

/**
 * 16 digits: locator (7), secret (8), Verhoeff check digit (1). Only the locator ever travels; the secret is what the handshake proves.
 */
export type ActivationCode = string & { readonly __brand: 'ActivationCode' };
/** The first 7 digits. */
export type Locator = string & { readonly __brand: 'Locator' };

export type CodeProblem = 'code_length' | 'code_check_digit';

export type ParsedCode =
  | { readonly ok: true; readonly code: ActivationCode }
  | { readonly ok: false; readonly problem: CodeProblem };

/**
 * Reads what a person typed or a camera saw: digits with or without spaces, dashes or dots between, or the QR payload `OAC1:<16 digits>`.
 * Full-width digits, as Chinese input methods produce, count as digits.
 */
export function parseActivationCode(text: string): ParsedCode {
  const digits = text
    .trim()
    .replace(/^OAC1:/i, '')
    .replace(/[０-９]/g, (wide) => String(wide.charCodeAt(0) - 0xff10))
    .replace(/[\s.\-–—]/g, '');
  if (!/^[0-9]{16}$/.test(digits)) return { ok: false, problem: 'code_length' };
  return verhoeffValid(digits)
    ? { ok: true, code: digits as ActivationCode }
    : { ok: false, problem: 'code_check_digit' };
}

export function isActivationCode(text: string): text is ActivationCode {
  return /^[0-9]{16}$/.test(text) && verhoeffValid(text);
}

export function isLocator(text: string): text is Locator {
  return /^[0-9]{7}$/.test(text);
}

export function locatorOf(code: ActivationCode): Locator {
  return code.slice(0, 7) as Locator;
}

/** `4273819502648313` → `4273-8195-0264-8313`. */
export function formatActivationCode(code: ActivationCode): string {
  return code.replace(/(\d{4})(?=\d)/g, '$1-');
}

export function qrPayload(code: ActivationCode): string {
  return `OAC1:${code}`;
}

/** Secrets a person would guess first: all equal, straight runs up or down (wrapping), halves or pairs repeated. */
export function isTrivialSecret(secret: string): boolean {
  if (/^(\d)\1{7}$/.test(secret) || /^(\d\d)\1{3}$/.test(secret) || /^(\d{4})\1$/.test(secret)) return true;
  const steps = new Set<number>();
  for (let i = 1; i < secret.length; i++) steps.add((secret.charCodeAt(i) - secret.charCodeAt(i - 1) + 10) % 10);
  return steps.size === 1;
}

export function randomLocator(random: Random): Locator {
  return String(random.below(10_000_000)).padStart(7, '0') as Locator;
}

export function randomSecret(random: Random): string {
  for (;;) {
    const secret = String(random.below(100_000_000)).padStart(8, '0');
    if (!isTrivialSecret(secret)) return secret;
  }
}

export function composeActivationCode(locator: Locator, secret: string): ActivationCode {
  if (!/^[0-9]{8}$/.test(secret)) throw new RangeError('a secret has 8 digits');
  const digits = `${locator}${secret}`;
  return `${digits}${verhoeffDigit(digits)}` as ActivationCode;
}
