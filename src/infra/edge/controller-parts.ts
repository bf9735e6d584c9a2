import type { TLSSocket } from 'node:tls';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { RevocationEntry } from '../../protocol/oauth/revocations.ts';
import type { EdgeOrder, EdgeReport } from '../../protocol/tunnel/control.ts';
import type { ControllerRecord } from './controller-record.ts';
import type { PinnedIdentity } from './own-keys.ts';
import type { PairedEdge } from './pair.ts';
import type { StateFile } from './state-file.ts';

export type ControllerChange =
  | { readonly kind: 'state'; readonly state: Omit<Extract<EdgeOrder, { type: 'state' }>, 'type' | 'serial'> }
  | { readonly kind: 'revocations'; readonly cluster: string; readonly entries: readonly RevocationEntry[] }
  | { readonly kind: 'revoked'; readonly cluster: string; readonly entry: RevocationEntry }
  | { readonly kind: 'registration-ended'; readonly device: string }
  | { readonly kind: 'edge-removed'; readonly edge: string };

export interface ControllerParts {
  readonly name: string;
  readonly identity: PinnedIdentity;
  readonly record: StateFile<ControllerRecord>;
  readonly tunnels: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly onChange: (change: ControllerChange) => void;
  readonly onTunnel: (edge: PairedEdge, socket: TLSSocket) => void;
}

/** How one E is doing. */
export interface EdgeStanding {
  tunnels: number;
  problem: string | undefined;
  hello: Extract<EdgeReport, { type: 'hello' }> | undefined;
  status: Extract<EdgeReport, { type: 'status' }> | undefined;
  /** Serial of the state that is in force there. */
  applied: number;
}
