/** What a real-time query asks for. Source: reference "RIS". */
export interface RisQuery {
  readonly most: number;
  /** Type id; undefined: any. */
  readonly modelTypeId: number | undefined;
  readonly status: RisStatus | undefined;
  /** Node name; undefined: all. */
  readonly node: string | undefined;
  readonly selectBy: 'Name' | 'IPV4Address' | 'DirNumber' | 'Description';
  /** `*` any run; one that fits is enough. None: everything. */
  readonly items: readonly string[];
}

export type RisStatus = 'Registered' | 'UnRegistered' | 'Unknown';

export interface RisDevice {
  readonly name: string;
  readonly description: string;
  readonly typeId: number;
  readonly status: RisStatus;
  /** Node it is, or was last, registered with; empty: never. */
  readonly node: string;
  readonly ipAddress: string;
  readonly transport: string;
  readonly directoryNumbers: readonly string[];
  readonly ownerUserId: string;
  readonly activeLoad: string;
  readonly inactiveLoad: string;
  /** Of the last change of state; null: never registered. */
  readonly at: Date | null;
}

export interface RisReader {
  /** `total`: all that fit, whatever `most` says. */
  select(query: RisQuery): Promise<{ readonly devices: readonly RisDevice[]; readonly total: number }>;
  nodes(): Promise<readonly string[]>;
}

/** So many requests a minute, for all callers of a node together. */
export class RateWindow {
  readonly #most: number;
  readonly #now: () => number;
  #stamps: number[] = [];

  /** `now`: milliseconds. */
  constructor(most: number, now: () => number) {
    this.#most = most;
    this.#now = now;
  }

  /** False: this one is too many. */
  admit(): boolean {
    const now = this.#now();
    this.#stamps = this.#stamps.filter((stamp) => stamp > now - 60_000);
    if (this.#stamps.length >= this.#most) return false;
    this.#stamps.push(now);
    return true;
  }
}
