/** A change of an object, as the audit log has it. */
export interface LoggedChange {
  /** Grows with every change; there may be gaps. */
  readonly id: number;
  /** Of the audit log: `phone`. */
  readonly objectKind: string;
  readonly objectId: string;
  /** `phone.created`. */
  readonly action: string;
  /** Fields that were changed, where the log says. */
  readonly changed: readonly string[];
}

export interface ChangeLog {
  /** Names this log: ids of another one mean nothing here. */
  queueId(): Promise<string>;
  /** Ids of the oldest and the newest change; both 0: there is none. */
  range(): Promise<{ readonly first: number; readonly last: number }>;
  /** From this id on, of these kinds, oldest first. */
  since(id: number, kinds: readonly string[], most: number): Promise<readonly LoggedChange[]>;
}
