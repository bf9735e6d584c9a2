import { parseActivationCode } from '../../identifiers/activation-code.ts';
import { isMacAddress, type MacAddress, parseMacAddress } from '../../identifiers/mac-address.ts';
import { PhoneFault } from '../boot/faults.ts';

/** One phone of a fleet. */
export interface PlannedPhone {
  readonly index: number;
  readonly mac: MacAddress;
  /** As it stands in the file; undefined: the phone has none and can only use what it has stored. */
  readonly code: string | undefined;
  readonly startAfterMs: number;
}

export interface CodeLine {
  readonly code: string;
  readonly mac: MacAddress | undefined;
}

/**
 * Lines of `code[,mac]`; empty lines, `#` comments and a heading that holds no digit are passed over. Throws PhoneFault with the line's number:
 * a list with a mistake is refused before anything is sent.
 */
export function readCodes(text: string): readonly CodeLine[] {
  const lines: CodeLine[] = [];
  const seen = new Map<string, number>();
  for (const [at, raw] of text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || (at === 0 && !/\d/.test(line))) continue;
    const [first = '', second = ''] = line.split(/[,;\t]/).map((cell) => cell.trim().replace(/^"|"$/g, ''));
    const parsed = parseActivationCode(first);
    if (!parsed.ok) throw new PhoneFault(parsed.problem, `Line ${at + 1} of the codes: ${words[parsed.problem]}.`);
    const mac = second === '' ? undefined : parseMacAddress(second);
    if (second !== '' && mac === undefined)
      throw new PhoneFault('usage', `Line ${at + 1} of the codes: ${second} is no MAC address.`);
    const earlier = seen.get(parsed.code);
    if (earlier !== undefined) throw new PhoneFault('usage', `Line ${at + 1} of the codes repeats line ${earlier}.`);
    seen.set(parsed.code, at + 1);
    lines.push({ code: parsed.code, mac });
  }
  return lines;
}

const words = { code_length: 'a code has 16 digits', code_check_digit: 'the check digit does not match' } as const;

export interface FleetWish {
  readonly count: number;
  readonly codes: readonly CodeLine[];
  /** MAC of the first phone without one of its own; the others count up. */
  readonly firstMac: MacAddress;
  /** The starts are spread over this time, milliseconds. */
  readonly spreadMs: number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** Who starts when, in the order of starting. Throws PhoneFault `usage` when the codes do not reach or MACs run out. */
export function planFleet(wish: FleetWish): readonly PlannedPhone[] {
  const { count, codes, spreadMs, random } = wish;
  if (codes.length > 0 && codes.length < count) {
    throw new PhoneFault('usage', `${count} phones are wanted, but there are ${codes.length} codes.`);
  }
  const taken = new Set(codes.slice(0, count).flatMap(({ mac }) => (mac === undefined ? [] : [mac])));
  let next = BigInt(`0x${wish.firstMac}`);
  const fresh = (): MacAddress => {
    for (;;) {
      const mac = next.toString(16).toUpperCase().padStart(12, '0');
      next += 1n;
      if (!isMacAddress(mac))
        throw new PhoneFault('usage', `There are not ${count} MAC addresses from ${wish.firstMac} on.`);
      if (!taken.has(mac)) return mac;
    }
  };
  return Array.from({ length: count }, (_, index) => ({
    index,
    mac: codes[index]?.mac ?? fresh(),
    code: codes[index]?.code,
    startAfterMs: Math.floor(random() * spreadMs),
  })).sort((a, b) => a.startAfterMs - b.startAfterMs);
}
