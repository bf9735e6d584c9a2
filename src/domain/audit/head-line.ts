import { concat, toHex, utf8 } from '../../kernel/bytes.ts';

/** A head of the audit log as it was seen: the place of its last event and that event's hash, in hex. */
export interface KeptHead {
  readonly seq: number;
  readonly hash: string;
}

/** Everything that had been committed when the last row of the table was sealed: what turns up unsealed later and belongs to it was taken out of the chain. */
export interface Watermark {
  /** PostgreSQL's pg_snapshot, as text. */
  readonly snapshot: string;
  /** The highest ordinal that was sealed. */
  readonly ordinal: number;
}

/**
 * Why a line stands in the heads log. began: the first one, of a log that was there already; sealed: this node sealed up to there;
 * seen: another node did; restored: an administrator says that the database was put back to an earlier state on purpose.
 */
export type HeadLineKind = 'began' | 'sealed' | 'seen' | 'restored';

export interface HeadLine extends KeptHead {
  /** 1 for the first line, then without gaps. */
  readonly line: number;
  readonly kind: HeadLineKind;
  /** UTC, by the clock of the node. */
  readonly at: string;
  readonly watermark?: Watermark;
  /** Of a restore: who says so, why, and the head that counted before. */
  readonly restore?: { readonly by: string; readonly reason: string; readonly was: KeptHead | undefined };
  /** Hash of the line before, in hex; 64 zeros before the first. */
  readonly previous: string;
}

export const noLine = '0'.repeat(64);

/** Hex of SHA-256("firstring-audit-head-line-1" 0x00 | the line as it stands, without its end). */
export function headLineHash(text: string, sha256: (bytes: Uint8Array) => Uint8Array): string {
  return toHex(sha256(concat(utf8('firstring-audit-head-line-1\0'), utf8(text))));
}

export function writeHeadLine(line: HeadLine): string {
  const { line: number, kind, at, seq, hash, watermark, restore, previous } = line;
  return JSON.stringify({ line: number, kind, at, seq, hash, watermark, restore, previous });
}

const kinds: readonly unknown[] = ['began', 'sealed', 'seen', 'restored'] satisfies HeadLineKind[];

/** Undefined: that is no line of a heads log. */
export function readHeadLine(text: string): HeadLine | undefined {
  let value: Record<string, unknown>;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { line, kind, at, seq, hash, previous, watermark, restore } = value;
  const isHash = (given: unknown) => typeof given === 'string' && /^[0-9a-f]{64}$/.test(given);
  const whole = (given: unknown) => Number.isSafeInteger(given) && (given as number) >= 0;
  if (!whole(line) || !whole(seq) || !isHash(hash) || !isHash(previous)) return undefined;
  if (!kinds.includes(kind) || typeof at !== 'string') return undefined;
  if ((restore !== undefined) !== (kind === 'restored')) return undefined;
  if (watermark !== undefined) {
    const { snapshot, ordinal } = watermark as Record<string, unknown>;
    if (typeof snapshot !== 'string' || !/^\d+:\d+:[\d,]*$/.test(snapshot) || !whole(ordinal)) return undefined;
  }
  return value as unknown as HeadLine;
}

/** Reads heads logs line by line and keeps what must still be true of the table. */
export class HeadReading {
  /** By seq, what the event there must hash to. */
  readonly heads = new Map<number, string>();
  /** What a person should know: restores. */
  readonly notes: string[] = [];
  readonly problems: string[] = [];
  last: HeadLine | undefined;
  #previous = noLine;
  readonly #name: string;
  readonly #sha256: (bytes: Uint8Array) => Uint8Array;

  constructor(name: string, sha256: (bytes: Uint8Array) => Uint8Array) {
    this.#name = name;
    this.#sha256 = sha256;
  }

  /** Hash of the last line. */
  get previous(): string {
    return this.#previous;
  }

  read(text: string): void {
    const line = readHeadLine(text);
    const expected = (this.last?.line ?? 0) + 1;
    if (line === undefined) this.#problem(`after line ${expected - 1} stands something that is no line of a heads log`);
    else {
      // Older files may have been put away: then the first line here is not line 1.
      const first = this.last === undefined;
      if (!first && (line.line !== expected || line.previous !== this.#previous))
        this.#problem(`line ${line.line} does not follow line ${expected - 1}: the file was changed`);
      else if (first && line.line === 1 && line.previous !== noLine) this.#problem('the first line follows another');
      this.#take(line);
    }
    this.#previous = headLineHash(text, this.#sha256);
  }

  #take(line: HeadLine): void {
    if (line.restore !== undefined) {
      const { by, reason, was } = line.restore;
      // Whoever stated it had seen what was wrong until then.
      this.notes.push(...this.problems.splice(0));
      for (const seq of this.heads.keys()) if (seq > line.seq) this.heads.delete(seq);
      this.notes.push(
        `${this.#name}: on ${line.at} ${by} stated that the database was restored to event ${line.seq}${was === undefined ? '' : ` (it had been at event ${was.seq})`}: ${reason}`,
      );
    }
    const before = this.heads.get(line.seq);
    if (before !== undefined && before !== line.hash && line.restore === undefined)
      this.#problem(`event ${line.seq} was written down twice, with different hashes`);
    else if (line.seq > 0) this.heads.set(line.seq, line.hash);
    this.last = line;
  }

  #problem(text: string): void {
    if (this.problems.length < 20) this.problems.push(`${this.#name}: ${text}`);
  }
}
