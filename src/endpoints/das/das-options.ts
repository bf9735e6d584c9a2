import type { HandshakeService } from '../../domain/activation/handshake.ts';
import type { ActivationSurroundings } from '../../domain/activation/ports.ts';
import type { Counters, Timeline } from '../../domain/ports.ts';
import type { MicVerdict } from '../../domain/trust/mic-verdict.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { SuiteCrypto } from '../../protocol/activation/crypto.ts';
import type { MicAlgorithm, Mode } from '../../protocol/activation/suite.ts';
import type { Rate } from '../listen/rate-limit.ts';
import type { OauthAnswer, OauthCaller } from '../oauth/token-endpoint.ts';

/** Judges the certificate a phone shows. */
export interface DasMicJudge {
  /** DER, the phone's own first. */
  inspect(chain: readonly Uint8Array[]): MicVerdict;
  proves(der: Uint8Array, algorithm: MicAlgorithm, input: Uint8Array, signature: Uint8Array): boolean;
}

export interface DasLimits {
  /** Starts by one source address. Many phones stand behind one address translator. */
  readonly perSource: Rate;
  /** Starts by one MIC. */
  readonly perMic: Rate;
  /** Requests worked on at once in this thread; more are told to come back. */
  readonly inFlight: number;
}

export const defaultDasLimits: DasLimits = {
  perSource: { burst: 500, perSecond: 100 },
  perMic: { burst: 12, perSecond: 0.2 },
  inFlight: 64,
};

export interface DasParts {
  readonly crypto: SuiteCrypto;
  readonly mic: DasMicJudge;
  readonly handshakes: HandshakeService;
  readonly surroundings: ActivationSurroundings;
  readonly timeline: Timeline;
  readonly counters: Counters;
  readonly clock: Clock;
  readonly log: Log;
  /** False while an administrator has the Device Activation Service switched off on this node. */
  readonly serviceActivated: () => boolean;
  /** The token endpoint behind a path of this listener; undefined: not one of its paths. */
  readonly tokens?: (path: string) => ((form: string, caller: OauthCaller) => Promise<OauthAnswer>) | undefined;
}

export interface DasSettings {
  readonly mode: Mode;
  /** 32 octets, the same on every node: names sids. */
  readonly sidKey: Uint8Array;
  readonly limits: DasLimits;
  /** Seconds between start and prove. */
  readonly ttl: number;
}
