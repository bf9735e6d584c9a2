/** Source: spec/security.md "Administration", CSV in. */
export const bulkLimits = {
  /** Octets of an upload. */
  octets: 10 * 2 ** 20,
  /** Rows below the heading. */
  rows: 50_000,
  /** Rows of any kind, blank ones and those below them too. */
  records: 500_000,
  /** Characters of a cell. */
  cell: 4096,
  /** Characters of all cells of a row. */
  row: 8192,
  /** Characters of all cells of a file; of a workbook also of its shared strings. */
  text: 24 * 2 ** 20,
  columns: 1024,
  /** Errors of a file that are told one by one; all are counted. */
  errorsTold: 1000,
  /** Errors of one row of a job that are kept. */
  rowErrors: 20,
  /** Reading a file, in ms: beyond, it is given up. */
  readingTime: 60_000,
} as const;
