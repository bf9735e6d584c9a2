import type { RegisteringDevice } from '../registration/ports.ts';

/** How one party of a call is named to the other. */
export interface Party {
  /** Directory number, or device name for a phone without a line. */
  readonly number: string;
  /** Display of the line; may be empty. */
  readonly display: string;
  /** It asked not to be named. */
  readonly hidden: boolean;
}

/**
 * The line that speaks: the one its own address names, else the phone's first. Nothing of it comes from the message itself but the choice between the
 * phone's own lines and the wish to stay unnamed.
 */
export function partyOf(device: RegisteringDevice, user: string | undefined, hidden: boolean): Party {
  const line = device.lines.find(({ number }) => number === user) ?? device.lines[0];
  return { number: line?.number ?? device.name, display: shown(line?.display ?? ''), hidden };
}

/** One line, as displays have. */
function shown(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').trim();
}

/** RFC 3323 and 3325: whether a Privacy header asks to hide who is speaking. `none` wins. */
export function asksToHide(privacy: readonly string[]): boolean {
  const values = privacy.flatMap((text) => text.split(/[;,]/)).map((value) => value.trim().toLowerCase());
  return !values.includes('none') && values.some((value) => value === 'id' || value === 'user' || value === 'header');
}
