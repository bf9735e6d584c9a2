import type { BootFailure, BootSetup, StepReport } from './boot/types.ts';
import type { FileServer } from './files/servers.ts';
import type { Mic } from './identity/mic.ts';
import type { RemoteOptions } from './mra/drivers.ts';
import type { CallNews } from './sip/calls.ts';
import type { PhoneStore } from './state/store.ts';

export interface PhoneOptions {
  readonly setup: BootSetup;
  readonly mic: Mic;
  readonly store: PhoneStore;
  /** TFTP servers set by hand, or the interface on which DHCP is asked for them. */
  readonly find:
    | { readonly by: 'nobody' }
    | { readonly by: 'hand'; readonly servers: readonly FileServer[] }
    | { readonly by: 'dhcp'; readonly interfaceName: string };
  /** How it gets in from outside; undefined: it cannot. */
  readonly remote?: RemoteOptions;
  readonly askCode: AskCode;
  /** Each step as it happens. */
  readonly onStep?: (step: TimedStep) => void;
  /** Accept calls after ringing this long, milliseconds; undefined: calls are refused as busy. */
  readonly answerAfterMs?: number;
  /** What becomes of calls, as it happens. */
  readonly onCall?: (news: CallNews) => void;
  /** Where an activation service is reached in place of the address the files give: for rehearsing an outage. */
  readonly dasAddress?: (url: string) => string;
  /** How long a SIP node may take to answer, milliseconds. Default 5000. */
  readonly sipPatienceMs?: number;
}

/** What the person at the phone types; undefined: nobody types anything (any more). `problem`: why the last entry did not work. */
export type AskCode = (
  problem: BootFailure | undefined,
  signal: AbortSignal,
  /** The welcome screen takes a service domain as well. */
  where?: 'welcome',
) => Promise<string | undefined>;

export interface TimedStep extends StepReport {
  /** Milliseconds since power-on. */
  readonly atMs: number;
}
