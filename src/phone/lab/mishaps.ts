import { randomInt } from 'node:crypto';
import { composeActivationCode, locatorOf, parseActivationCode } from '../../identifiers/activation-code.ts';
import { type PhoneModel, phoneModels } from '../../identifiers/phone-model.ts';

/** What may be wrong with a phone of the lab, on purpose. */
export type Mishap =
  | 'code-mistyped'
  | 'wrong-model'
  | 'unknown-manufacturer'
  | 'tampered-trust-list'
  | 'service-unreachable';

/** Nothing listens on this port of the machine itself (RFC 1078, long out of use). */
const closedPort = 1;

/** An activation service where there is none. */
export function nowhere(url: string): string {
  const at = new URL(url);
  at.host = `127.0.0.1:${closedPort}`;
  return at.href;
}

/** The code with one digit of its secret changed and the check digit made right; what is no code stays as it is. */
export function mistyped(text: string, below: (limit: number) => number = randomInt): string {
  const parsed = parseActivationCode(text);
  if (!parsed.ok) return text;
  const secret = [...parsed.code.slice(7, 15)];
  const at = below(secret.length);
  secret[at] = String((Number(secret[at]) + 1 + below(9)) % 10);
  return composeActivationCode(locatorOf(parsed.code), secret.join(''));
}

/** The model that lies in the box in place of the one on the label: the next of the list with other firmware, or the next at all. */
export function mixedUp(model: PhoneModel): PhoneModel {
  const after = phoneModels.slice(phoneModels.indexOf(model) + 1);
  const others = [...after, ...phoneModels].filter((each) => each !== model);
  return others.find((each) => each.loadFamily !== model.loadFamily) ?? others[0]!;
}
