import { MalformedError } from '../../kernel/errors.ts';

export type XlsxProblem =
  /** Not a ZIP archive, or not a workbook in one. */
  | 'not_xlsx'
  /** An old .xls, or one with a password: both are OLE containers. */
  | 'xls_or_password'
  | 'macros'
  | 'external_links'
  /** Unpacks to more than is allowed. */
  | 'too_large'
  | 'cell_too_long'
  | 'damaged';

/** Octets that are no spreadsheet that can be read. */
export class XlsxError extends MalformedError {
  readonly problem: XlsxProblem;
  /** Row of the sheet, where it is about one. */
  readonly line: number | undefined;
  constructor(problem: XlsxProblem, message: string, line?: number) {
    super(message);
    this.problem = problem;
    this.line = line;
  }
}
