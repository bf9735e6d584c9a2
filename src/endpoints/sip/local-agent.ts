import type { Binding } from '../../domain/registration/binding.ts';
import type { RequestEnvelope } from '../../protocol/sip/envelope.ts';
import type { SipRequest } from '../../protocol/sip/message.ts';
import type { TimerValues } from '../../protocol/sip/timers.ts';
import type { Flow } from './flow.ts';
import type { ClientRun, ClientUser, ServerRun } from './transactions.ts';

/** What an agent needs of the node it lives in. */
export interface AgentHost {
  /** Name of the node in Warning headers. */
  readonly agent: string;
  readonly transactions: { readonly timers: TimerValues };
  /** Host and port that the other side of a flow reaches us at. */
  hostPort(flow: Pick<Flow, 'transport' | 'localAddress'>): string;
  viaFor(flow: Flow, branch: string): string;
  newBranch(): string;
  /** The way to a phone; undefined: its connection is gone. */
  flowTo(binding: Binding): Flow | undefined;
  openClient(request: SipRequest, branch: string, flow: Flow, user: ClientUser): ClientRun;
}

/** A user agent inside the node that registered phones can call. It is asked before any phone is looked for. */
export interface LocalAgent {
  /** Once, before the first request. */
  attach(node: AgentHost): void;
  /** Whether a Request-URI with this user part is its. */
  serves(user: string): boolean;
  /** A request of a registered phone: the agent owes the final response. */
  request(server: ServerRun, sender: Binding): void;
  /** The ACK of a 2xx of its. */
  acknowledged(envelope: RequestEnvelope): void;
  close(): Promise<void>;
}
