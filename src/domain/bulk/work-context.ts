import type { PhoneParts } from '../devices/phone-parts.ts';
import type { Owner } from '../devices/ports.ts';
import type { Actor } from '../ports.ts';
import type { CodeSupply } from './code-supply.ts';
import type { BulkJob } from './job.ts';
import type { BulkMail, WorkedRow } from './ports.ts';
import type { Recorder } from './recorder.ts';

export interface WorkContext {
  readonly job: BulkJob;
  readonly actor: Actor;
  /** The devices' own parts, as this job uses them. */
  readonly parts: PhoneParts;
  readonly recorder: Recorder;
  readonly codes: CodeSupply;
  readonly mail: BulkMail;
  /** People that rows name as owners, by user id in lower case. */
  readonly owners: ReadonlyMap<string, Owner>;
}

/** What became of a row, and what is told once it is committed. */
export interface RowOutcome {
  readonly row: WorkedRow;
  readonly tell?: (() => void) | undefined;
}
