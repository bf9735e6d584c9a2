import { type DtmfDigit, isDtmfDigit } from './digit.ts';

export const dtmfRelayType = 'application/dtmf-relay';

/**
 * The key in the body of an INFO: `Signal=5` (application/dtmf-relay) or a bare `5` (application/dtmf); 10 and 11 stand for * and #.
 * Undefined: another type, or no key.
 */
export function digitOfInfo(contentType: string | undefined, body: string): DtmfDigit | undefined {
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase();
  const text =
    type === dtmfRelayType
      ? /^[ \t]*Signal[ \t]*=[ \t]*(\S{1,2})[ \t]*$/im.exec(body)?.[1]
      : type === 'application/dtmf'
        ? body.trim()
        : undefined;
  if (text === undefined) return undefined;
  const key = text === '10' ? '*' : text === '11' ? '#' : text.toUpperCase();
  return isDtmfDigit(key) ? key : undefined;
}

export function dtmfRelayBody(digit: DtmfDigit, milliseconds = 160): string {
  return `Signal=${digit}\r\nDuration=${milliseconds}\r\n`;
}
