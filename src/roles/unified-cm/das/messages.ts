import type { ActivationCounter, OnboardingEvent } from '../../../domain/ports.ts';
import type { DasAnswer } from '../../../endpoints/das/das-answer.ts';
import type { DasLimits } from '../../../endpoints/das/das-options.ts';
import type { DasStep } from '../../../endpoints/das/das-service.ts';
import type { ConnectionLimits } from '../../../endpoints/listen/connection-limits.ts';
import type { SurroundingsSnapshot } from '../../../infra/database/activation-surroundings-store.ts';
import type { MicTrustSnapshot } from '../../../infra/database/activation-trust-store.ts';
import type { OauthSnapshot } from '../../../infra/database/oauth-key-store.ts';
import type { VouchedRequest } from '../../../protocol/edge-access/requests.ts';

/** Between a node's main thread and its activation threads. Plain data only. */

export interface DasThreadStart {
  readonly host: string;
  readonly port: number;
  readonly reusePort: boolean;
  readonly key: string;
  readonly cert: string;
  readonly databaseUrl: string;
  readonly databaseConnections: number;
  readonly keyEncryptionKey: Uint8Array;
  readonly decoyKey: Uint8Array;
  readonly node: string;
  readonly limits: DasLimits;
  /** Of each thread. */
  readonly connections: ConnectionLimits;
  readonly ttl: number;
  readonly trust: MicTrustSnapshot;
  readonly surroundings: SurroundingsSnapshot;
  readonly serviceActivated: boolean;
  readonly oauth: OauthSnapshot;
  readonly silent: boolean;
}

export type ToDasThread =
  | { readonly type: 'start'; readonly start: DasThreadStart }
  | { readonly type: 'trust'; readonly trust: MicTrustSnapshot }
  | { readonly type: 'surroundings'; readonly surroundings: SurroundingsSnapshot }
  | { readonly type: 'service'; readonly activated: boolean }
  | { readonly type: 'certificate'; readonly key: string; readonly cert: string }
  | { readonly type: 'oauth'; readonly oauth: OauthSnapshot }
  /** Whether the database says nothing at the moment. */
  | { readonly type: 'silence'; readonly silent: boolean }
  /** A request from outside that an Expressway-C vouches for; answered by `answer` with the same id. */
  | {
      readonly type: 'vouched';
      readonly id: number;
      /** Which Expressway-C. */
      readonly expressway: string;
      readonly step: DasStep;
      readonly request: VouchedRequest;
    }
  | { readonly type: 'close'; readonly patience: number };

export type FromDasThread =
  | { readonly type: 'listening'; readonly port: number }
  | { readonly type: 'answer'; readonly id: number; readonly answer: DasAnswer }
  | { readonly type: 'failed'; readonly message: string; readonly code: string | undefined }
  | {
      readonly type: 'news';
      readonly events: readonly OnboardingEvent[];
      readonly counts: readonly (readonly [ActivationCounter, number])[];
    }
  | {
      readonly type: 'log';
      readonly level: 'debug' | 'info' | 'warn' | 'error';
      readonly fields: object;
      readonly message: string;
    }
  | { readonly type: 'closed' };
