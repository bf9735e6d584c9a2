import { MalformedError } from '../../kernel/errors.ts';

/** One record, with the line of the file it begins on: 1-based, as an editor counts. */
export interface CsvRecord {
  readonly line: number;
  readonly fields: readonly string[];
}

/** Text that is no CSV, and where. */
export class CsvError extends MalformedError {
  readonly line: number;
  readonly problem: 'quote_open' | 'quote_garbage' | 'field_too_long' | 'too_many_fields';
  constructor(problem: CsvError['problem'], line: number, message: string) {
    super(message);
    this.problem = problem;
    this.line = line;
  }
}

export interface CsvLimits {
  readonly fieldLength: number;
  readonly fields: number;
}

const defaultLimits: CsvLimits = { fieldLength: 4096, fields: 1024 };

const states = { fieldStart: 0, plain: 1, quoted: 2, quoteInQuoted: 3 } as const;
type State = (typeof states)[keyof typeof states];

/**
 * RFC 4180 as it is met: CRLF, LF or CR ends a record, quotes double inside of quotes, a quote within an unquoted field is a character.
 * Push text as it comes; what is kept is bounded by one record. Blank lines come as records with one empty field.
 * @throws CsvError
 */
export class CsvReader {
  readonly #delimiter: string;
  readonly #limits: CsvLimits;
  #state: State = states.fieldStart;
  #field = '';
  #fields: string[] = [];
  #line = 1;
  #recordLine = 1;
  /** The last character was a CR that ended a record: an LF now belongs to it. */
  #afterCr = false;
  #started = false;

  constructor(delimiter = ',', limits: CsvLimits = defaultLimits) {
    this.#delimiter = delimiter;
    this.#limits = limits;
  }

  push(text: string): CsvRecord[] {
    const records: CsvRecord[] = [];
    let from = 0;
    const keep = (to: number) => {
      if (to > from) this.#append(text.slice(from, to));
    };
    for (let at = 0; at < text.length; at++) {
      const char = text[at]!;
      if (this.#afterCr) {
        this.#afterCr = false;
        if (char === '\n') {
          from = at + 1;
          continue;
        }
      }
      this.#started = true;
      if (this.#state === states.quoted) {
        if (char === '"') {
          keep(at);
          this.#state = states.quoteInQuoted;
        } else if (char === '\n' || (char === '\r' && text[at + 1] !== '\n')) this.#line++;
        continue;
      }
      if (this.#state === states.quoteInQuoted && char === '"') {
        from = at;
        this.#state = states.quoted;
        continue;
      }
      if (char === this.#delimiter) {
        if (this.#state !== states.quoteInQuoted) keep(at);
        this.#endField();
        from = at + 1;
      } else if (char === '\n' || char === '\r') {
        if (this.#state !== states.quoteInQuoted) keep(at);
        records.push(this.#endRecord());
        this.#afterCr = char === '\r';
        from = at + 1;
      } else if (this.#state === states.quoteInQuoted)
        throw new CsvError('quote_garbage', this.#line, 'There is something between a closing quote and the comma.');
      else if (char === '"' && this.#state === states.fieldStart) {
        this.#state = states.quoted;
        from = at + 1;
      } else if (this.#state === states.fieldStart) {
        this.#state = states.plain;
        from = at;
      }
    }
    if (this.#state === states.quoted || this.#state === states.plain) keep(text.length);
    return records;
  }

  /** The last record, where the file does not end with a line end. */
  end(): CsvRecord[] {
    if (this.#state === states.quoted)
      throw new CsvError('quote_open', this.#recordLine, 'A quote is opened and never closed.');
    return this.#started ? [this.#endRecord()] : [];
  }

  #append(text: string): void {
    this.#field += text;
    if (this.#field.length > this.#limits.fieldLength)
      throw new CsvError(
        this.#state === states.quoted ? 'quote_open' : 'field_too_long',
        this.#recordLine,
        `A field is longer than ${this.#limits.fieldLength} characters: is a quote not closed?`,
      );
  }

  #endField(): void {
    this.#fields.push(this.#field);
    if (this.#fields.length > this.#limits.fields)
      throw new CsvError('too_many_fields', this.#recordLine, `A line has more than ${this.#limits.fields} fields.`);
    this.#field = '';
    this.#state = states.fieldStart;
  }

  #endRecord(): CsvRecord {
    this.#endField();
    const record = { line: this.#recordLine, fields: this.#fields };
    this.#fields = [];
    this.#line++;
    this.#recordLine = this.#line;
    this.#started = false;
    return record;
  }
}

/** What stands between the fields of a heading: a comma, or what spreadsheets of other countries write. */
export function csvDelimiter(heading: string): ',' | ';' | '\t' {
  const counts = { ',': 0, ';': 0, '\t': 0 };
  let quoted = false;
  for (const char of heading) {
    if (char === '"') quoted = !quoted;
    else if (!quoted && (char === '\n' || char === '\r')) break;
    else if (!quoted && char in counts) counts[char as keyof typeof counts]++;
  }
  if (counts[',']) return ',';
  return counts[';'] > counts['\t'] ? ';' : counts['\t'] > 0 ? '\t' : ',';
}

/** The file is not text in UTF-8. */
export class CsvEncodingError extends MalformedError {}

/**
 * Octets of a file → its text, piece by piece: UTF-8 with or without a byte order mark, or UTF-16 with one, as spreadsheets save it.
 * @throws CsvEncodingError
 */
export async function* csvText(octets: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  let head: Uint8Array = new Uint8Array(0);
  const decode = (bytes: Uint8Array, stream: boolean): string => {
    try {
      return decoder!.decode(bytes, { stream });
    } catch {
      throw new CsvEncodingError('The file is not UTF-8.');
    }
  };
  for await (const piece of octets) {
    if (decoder === undefined) {
      head = concat(head, piece);
      if (head.length < 3) continue;
      decoder = decoderFor(head);
      yield decode(head, true);
    } else yield decode(piece, true);
  }
  if (decoder === undefined) {
    decoder = decoderFor(head);
    yield decode(head, false);
  } else yield decode(new Uint8Array(0), false);
}

function decoderFor(head: Uint8Array): InstanceType<typeof TextDecoder> {
  const encoding =
    head[0] === 0xff && head[1] === 0xfe ? 'utf-16le' : head[0] === 0xfe && head[1] === 0xff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding, { fatal: true });
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** The records of a CSV file; the delimiter is what its first line uses. @throws CsvError, CsvEncodingError */
export async function* csvRecords(
  octets: AsyncIterable<Uint8Array>,
  limits: CsvLimits = defaultLimits,
): AsyncGenerator<CsvRecord> {
  let reader: CsvReader | undefined;
  let head = '';
  for await (const text of csvText(octets)) {
    if (reader === undefined) {
      head += text;
      if (!/[\r\n]/.test(head) && head.length < 65_536) continue;
      reader = new CsvReader(csvDelimiter(head), limits);
      yield* reader.push(head);
      head = '';
    } else yield* reader.push(text);
  }
  if (reader === undefined) {
    reader = new CsvReader(csvDelimiter(head), limits);
    yield* reader.push(head);
  }
  yield* reader.end();
}
