/**
 * Whose fault a failure is. Doors use it to choose a status; logs use it to choose a level.
 * caller: bad input; policy: understood but not allowed now; peer: another system misbehaved; ours: a defect or an outage here.
 */
export type FaultOf = 'caller' | 'policy' | 'peer' | 'ours';

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

  constructor(of: FaultOf, code: Code, message: string, options: FaultOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.of = of;
    this.code = code;
    this.field = options.field;
    this.remedy = options.remedy;
    this.detail = options.detail;
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
