import type { Problem } from '../../contract/common.ts';

/** The server said no: an RFC 9457 problem document. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  readonly code: string;
  readonly field: string | undefined;
  readonly remedy: string | undefined;
  /** Which sentence it is, and the names and numbers in it. */
  readonly text: string | undefined;
  readonly values: Readonly<Record<string, string | number>>;
  /** Further members, e.g. `dependencies`. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(problem: Problem & Record<string, unknown>) {
    super(problem.detail);
    this.status = problem.status;
    this.code = problem.code;
    this.field = problem.field;
    this.remedy = problem.remedy;
    this.text = problem.text;
    this.values = problem.values ?? {};
    this.members = problem;
  }
}

/** No answer came: the network or the node is away. Nothing is known about whether a change was made. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

export function isProblem(error: unknown, code?: string): error is ApiProblem {
  return error instanceof ApiProblem && (code === undefined || error.code === code);
}
