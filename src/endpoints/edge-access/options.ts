import type { Timeline } from '../../domain/ports.ts';
import type { FileObserver, FileSource } from '../../domain/provisioning/ports.ts';
import type { MicVerdict } from '../../domain/trust/mic-verdict.ts';
import type { Log } from '../../kernel/log.ts';
import type { ClusterView } from '../../protocol/edge-access/cluster-view.ts';
import type { VouchedRequest } from '../../protocol/edge-access/requests.ts';
import type { AccessClaims, AccessProblem, Audience } from '../../protocol/oauth/access-token.ts';
import type { RevocationEntry } from '../../protocol/oauth/revocations.ts';
import type { DasAnswer } from '../das/das-answer.ts';
import type { DasStep } from '../das/das-service.ts';
import type { OauthAnswer, OauthCaller } from '../oauth/token-endpoint.ts';

export type TokenVerdict =
  | { readonly ok: true; readonly claims: AccessClaims }
  | { readonly ok: false; readonly problem: AccessProblem | 'token_revoked' };

/** What a node offers to the Expressway-Cs, each as the part of the node that does it. */
export interface EdgeAccessParts {
  /** Name of the Expressway-C with this certificate (lower-case hex of SHA-256 over its DER); undefined: not one of ours. */
  readonly expressway: (certificateSha256: string) => string | undefined;
  readonly handshake: (expressway: string, step: DasStep, request: VouchedRequest) => Promise<DasAnswer>;
  readonly token: (form: string, caller: OauthCaller) => Promise<OauthAnswer>;
  readonly mic: { inspect(chain: readonly Uint8Array[]): MicVerdict };
  readonly verifyToken: (token: string, audience: Audience, certificateSha256: Uint8Array) => Promise<TokenVerdict>;
  readonly files: FileSource;
  readonly observer: FileObserver;
  /** A phone fetched its own file with its own certificate: its activation is confirmed. Never awaited. */
  readonly fetched: (micSha256: Uint8Array) => void;
  readonly clusterView: () => Promise<ClusterView>;
  /** Undefined: no such phone. */
  readonly sipNodes: (deviceName: string) => Promise<readonly string[] | undefined>;
  readonly revoked: () => readonly RevocationEntry[];
  readonly timeline: Timeline;
  readonly log: Log;
}
