import { paramValue, parseParams, quote } from './grammar.ts';

/** What a phone tells in the Reason header of a REGISTER (reference/field-facts.md §7.1). */
export interface PhoneReason {
  readonly cause: number | undefined;
  /** Load names without `.loads`. */
  readonly activeLoad: string | undefined;
  readonly inactiveLoad: string | undefined;
  /** Why it registers: `initialized`, `Application-Requested-Destroy`. */
  readonly last: string | undefined;
}

const load = (text: string | undefined): string | undefined => {
  const name = text?.replace(/\.loads$/i, '');
  return name !== undefined && /^[A-Za-z0-9._\-()]{1,100}$/.test(name) ? name : undefined;
};

/** Undefined when the text is no SIP reason with words. Unknown words are skipped. */
export function readPhoneReason(text: string): PhoneReason | undefined {
  const match = /^SIP[ \t]*(;.*)$/is.exec(text.trim());
  if (match === null) return undefined;
  let words: string | undefined;
  let cause: string | undefined;
  try {
    const params = parseParams(match[1]!);
    words = paramValue(params, 'text');
    cause = paramValue(params, 'cause');
  } catch {
    return undefined;
  }
  if (words === undefined) return undefined;
  const found = new Map<string, string>();
  for (const [, name, value] of words.matchAll(/(?:^|[ \t])([A-Za-z]{1,32})=([^ \t]{1,120})/g)) {
    if (!found.has(name!.toLowerCase())) found.set(name!.toLowerCase(), value!);
  }
  return {
    cause: cause !== undefined && /^[0-9]{1,3}$/.test(cause) ? Number(cause) : undefined,
    activeLoad: load(found.get('activeload') ?? found.get('load')),
    inactiveLoad: load(found.get('inactiveload')),
    last: found.get('last'),
  };
}

/** The phone's side: value of the Reason header of its REGISTER. Loads without `.loads`. */
export function phoneReason(
  deviceName: string,
  activeLoad: string,
  inactiveLoad: string,
  last = 'initialized',
): string {
  const text =
    `cisco-alarm:25 Name=${deviceName} ActiveLoad=${activeLoad}.loads ` +
    `InactiveLoad=${inactiveLoad === '' ? '' : `${inactiveLoad}.loads`} Last=${last}`;
  return `SIP;cause=200;text=${quote(text)}`;
}
