/** What the operator's pages show of the whole cloud. */

export interface OutcomeCounts {
  readonly [outcome: string]: { readonly day: number; readonly total: number };
}

export interface CloudFigures {
  readonly clusters: { readonly active: number; readonly suspended: number };
  readonly locators: {
    readonly live: number;
    readonly quarantined: number;
    readonly free: number;
    readonly space: number;
  };
  readonly openVouchers: number;
  /** Answers to phones in the last day and over all. */
  readonly resolves: OutcomeCounts;
  readonly at: Date;
}

export interface ClusterFigures {
  readonly resolves: OutcomeCounts;
}

export interface CloudAuditQuery {
  readonly limit: number;
  /** Rows older than this ordinal. */
  readonly before?: string | undefined;
  readonly action?: string | undefined;
}

export interface CloudAuditRow {
  /** Counts up; as text, it may grow beyond 2^53. */
  readonly ordinal: string;
  readonly at: Date;
  readonly actor: string;
  readonly sourceAddress: string;
  readonly action: string;
  readonly objectKind: string;
  readonly objectId: string;
  readonly objectName: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface CloudOverview {
  figures(): Promise<CloudFigures>;
  ofCluster(id: string): Promise<ClusterFigures>;
  /** Youngest first. */
  audit(query: CloudAuditQuery): Promise<readonly CloudAuditRow[]>;
}
