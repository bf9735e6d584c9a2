/**
 * Whose fault a failure is. Doors use it to choose a status; logs use it to choose a level.
 * caller: bad input; policy: understood but not allowed now; peer: another system misbehaved; ours: a defect or an outage here.
 */
export type FaultOf = 'caller' | 'policy' | 'peer' | 'ours';

/** A sentence for people: which one it is, the values that stand in it, and how it reads in English. `src/texts` holds them, in every language. */
export interface Sentence<Code extends string = string> {
  readonly code: Code;
  /** The code, or `<code>.<which>` where a code has several sentences. */
  readonly text: string;
  readonly values: Readonly<Record<string, string | number>>;
  readonly detail: string;
  readonly remedy: string | undefined;
}

export interface FaultOptions {
  /** The input field at fault, as the caller named it: `lines[0].directoryNumber`. */
  readonly field?: string;
  /** What the person should do now, one plain sentence. */
  readonly remedy?: string;
  /** Machine-readable extras that may be shown to the caller. Never a secret. */
  readonly detail?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/**
 * A failure with a stable code. The code is part of the contract: doors map it, tests and scripts match it, the message may change.
 * Subclass per area with a closed union of codes, e.g. `class DeviceFault extends Fault<DeviceFaultCode>`.
 */
export class Fault<Code extends string = string> extends Error {
  readonly code: Code;
  readonly of: FaultOf;
  readonly field: string | undefined;
  readonly remedy: string | undefined;
  readonly detail: Readonly<Record<string, unknown>> | undefined;
  /** What was said, for whoever reads another language. Undefined: words that only a log or a terminal shows. */
  readonly sentence: Sentence<Code> | undefined;

  constructor(of: FaultOf, sentence: Sentence<Code>, options?: FaultOptions);
  constructor(of: FaultOf, code: Code, message: string, options?: FaultOptions);
  constructor(of: FaultOf, said: Code | Sentence<Code>, second?: string | FaultOptions, third?: FaultOptions) {
    const sentence = typeof said === 'string' ? undefined : said;
    const options = (sentence === undefined ? third : (second as FaultOptions | undefined)) ?? {};
    super(sentence?.detail ?? (second as string), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.of = of;
    this.code = sentence?.code ?? (said as Code);
    this.field = options.field;
    this.remedy = options.remedy ?? sentence?.remedy;
    this.detail = options.detail;
    this.sentence = sentence;
  }
}

/** Bad bytes from outside: a codec could not read them. `offset` in octets where known. */
export class MalformedError extends Error {
  readonly offset: number | undefined;
  constructor(message: string, offset?: number) {
    super(message);
    this.name = 'MalformedError';
    this.offset = offset;
  }
}

/** Compile-time proof that a union is handled completely. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
