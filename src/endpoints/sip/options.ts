import type { AdmissionPolicy } from '../../domain/registration/admission.ts';
import type { ClusterPeers } from '../../domain/registration/cluster.ts';
import type {
  AutoRegistration,
  BindingStore,
  RegistrationDirectory,
  RegistrationEvents,
} from '../../domain/registration/ports.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Random } from '../../kernel/random.ts';
import type { AccessClaims, AccessProblem } from '../../protocol/oauth/access-token.ts';
import type { DigestAlgorithm } from '../../protocol/sip/digest.ts';
import type { ConnectionBudget } from '../listen/connection-limits.ts';
import type { LocalAgent } from './local-agent.ts';

export interface SipTlsMaterial {
  /** PEM, leaf first. */
  readonly cert: string;
  readonly key: string;
  /** PEM of the cluster's own CA: what other nodes show. */
  readonly clusterCa: string;
}

export type ClientVerdict =
  | {
      readonly ok: true;
      readonly deviceName: string;
      /** `CP-8845`, as the certificate says. */
      readonly product?: string;
      readonly micSha256: Uint8Array;
    }
  /** `reason`: a stable code such as `mic_untrusted`. */
  | { readonly ok: false; readonly reason: string };

/** Validates what a phone showed in TLS: DER, leaf first. Trust and time are the validator's business, not TLS's. */
export type VerifyClient = (chain: readonly Uint8Array[]) => Promise<ClientVerdict>;

/** How phones that show an access token are let in. */
export interface SipAccess {
  /** What these listeners show; may be exchanged later by `renewTls`. */
  readonly tls: Pick<SipTlsMaterial, 'cert' | 'key'>;
  /** Whether this certificate (lower-case hex of SHA-256) is an Expressway-C's. */
  readonly isExpressway: (certificateSha256: string) => boolean;
  /** Signature, issuer, audience `sip`, age, binding to the certificate, revocations. */
  readonly verifyToken: (token: string, certificateSha256: Uint8Array) => Promise<SipTokenVerdict>;
}

export type SipTokenVerdict =
  | { readonly ok: true; readonly claims: AccessClaims }
  | { readonly ok: false; readonly problem: AccessProblem | 'token_revoked' };

export interface SipServerOptions {
  /** Address to bind: `0.0.0.0`, `127.0.0.1`, `::`. */
  readonly bind: string;
  /** Name or address that phones reach this node by; default: the address each phone used. */
  readonly host?: string;
  /** Further host names that Request-URIs of this cluster may carry. */
  readonly names?: readonly string[];
  /** 0: any free port. Left out: no such listener. */
  readonly ports: {
    readonly udp?: number;
    readonly tcp?: number;
    readonly tls?: number;
    /** TLS, for phones inside that show an access token. */
    readonly oauth?: number;
    /** TLS from Expressway-C, for phones outside. */
    readonly edge?: number;
  };
  /** Needed for the TLS listener. May be exchanged later by `renewTls`. */
  readonly tls?: SipTlsMaterial;
  readonly verifyClient?: VerifyClient;
  /** Needed for the `oauth` and `edge` listeners, which show `tls`. */
  readonly access?: SipAccess;
  readonly directory: RegistrationDirectory;
  readonly store: BindingStore;
  readonly events: RegistrationEvents;
  readonly peers?: ClusterPeers;
  /** Left out: phones without a record are refused. */
  readonly autoRegistration?: AutoRegistration;
  /** Whether phones may send each other text messages. Left out: no. */
  readonly relayMessages?: () => boolean;
  /** Whether a host in a Request-URI is a domain of this cluster, beside its nodes' names. */
  readonly serves?: (host: string) => boolean;
  /** Answers some calls itself. */
  readonly localAgent?: LocalAgent;
  /** The activation of the phone with this MIC counts as confirmed: it has registered. */
  readonly confirmByMic?: (micSha256: Uint8Array) => Promise<unknown>;
  /** At least 32 octets, the same on all nodes: signs the Record-Route of calls. Default: random. */
  readonly clusterKey?: Uint8Array;
  /** Shown in Warning and as digest realm. Default `firstring`. */
  readonly realm?: string;
  /** Offered in this order. Default MD5, SHA-256: the field's phones (and SIPp) look at the first challenge only and know MD5. */
  readonly digestAlgorithms?: readonly DigestAlgorithm[];
  readonly admission?: AdmissionPolicy;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly limits?: Partial<SipLimits>;
  /** What the process may hold. */
  readonly connections?: ConnectionBudget;
  /** Ciphers of old phones too, on the TLS listener without tokens. */
  readonly oldPhones?: boolean;
}

export interface SipLimits {
  /** Server and client transactions at once. */
  readonly transactions: number;
  /** Of each listener, instead of what the process's connections allow. */
  readonly connections?: number;
  readonly connectionsPerSource?: number;
  /** A connection without a message is closed after this time, ms. */
  readonly silentMs: number;
  /** One that has spoken but is quiet since, ms. Phones refresh every two minutes. */
  readonly idleMs: number;
  readonly handshakeMs: number;
}

export const defaultLimits: SipLimits = {
  transactions: 50_000,
  silentMs: 30_000,
  idleMs: 300_000,
  handshakeMs: 10_000,
};
