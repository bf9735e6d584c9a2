/** Source: spec/security.md "Administration", CSV in. */
export const bulkLimits = {
  /** Octets of an upload. */
  octets: 10 * 2 ** 20,
  /** Rows below the heading. */
  rows: 50_000,
  /** Errors of a file that are told one by one; all are counted. */
  errorsTold: 1000,
} as const;
