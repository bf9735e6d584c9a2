/** One LISTEN connection for all parts. Subscribe before the node starts to listen. */
export interface Notices {
  on(channel: string, receive: (payload: string) => void): void;
  /** Feeds what keeps copies: told when notices may be missed (drop, and bypass) and when they arrive (again). */
  feed(copies: { lost(): void; listening(): void }): void;
  /** False while notices may be missed. */
  readonly listening: boolean;
}
