/** Everything that the database tells its nodes about; a node listens to all of it from before its doors open. */
export const noticeChannels = [
  'config_changed',
  'trust_changed',
  'trust_list_built',
  'registration_ended',
  'registration_taken',
  'service_control',
  'bulk_job',
  'cloud_work',
  'expressway_changed',
  'oauth_keys_changed',
  'oauth_revoked',
] as const;

export type NoticeChannel = (typeof noticeChannels)[number];

/** One LISTEN connection for all parts. */
export interface Notices {
  on(channel: NoticeChannel, receive: (payload: string) => void): void;
  /** Feeds what keeps copies: told when notices may be missed (drop, and bypass) and when they arrive (again). */
  feed(copies: { lost(): void; listening(): void }): void;
  /** False while notices may be missed. */
  readonly listening: boolean;
}
