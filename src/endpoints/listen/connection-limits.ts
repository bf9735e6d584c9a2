/**
 * How many connections each listener may hold. Said here for all of them: what one listener is not given, it cannot take from the others,
 * so that a crowd before one door leaves the other doors open.
 */
export interface ConnectionLimits {
  /** Connections at once over all. */
  readonly total: number;
  /** Of these, from one source: an IPv4 address, or the /64 of an IPv6 address. Many phones may stand behind one. */
  readonly perSource: number;
  /** Strangers at once: TLS does not stand yet; without TLS, nothing whole was read yet. */
  readonly strangers: number;
  readonly strangersPerSource: number;
  /** Of `total`, kept for sources from which somebody proved who he is. 0: nobody proves anything here. */
  readonly reserve: number;
  /** A stranger from whom not one octet came is cut after so many milliseconds. */
  readonly silentMs: number;
  /** And one that did not get beyond being a stranger, after so many. */
  readonly openingMs: number;
}

interface DoorKind {
  /** Part of its process's connections. Those of the listeners of one role make at most 1. */
  readonly share: number;
  /** However many the process may hold. */
  readonly most: number;
  /** Part of the door's connections that strangers never get. */
  readonly reserve?: number;
  /** Where everybody stands behind a few addresses that are not the phones' own, one source may have them all. */
  readonly fewSources?: true;
  /** Part of the door's connections that strangers may have; default: half. */
  readonly strangersPart?: number;
  /** However large the door is. */
  readonly strangers?: number;
  readonly perSource?: number;
  readonly strangersPerSource?: number;
}

const doors = {
  // Role unified-cm.
  console: { share: 0.1, most: 4_000 },
  das: { share: 0.15, most: 32_000 },
  files: { share: 0.1, most: 8_192 },
  filesTls: { share: 0.1, most: 8_192 },
  tvs: { share: 0.05, most: 4_096 },
  sipTcp: { share: 0.15, most: 20_000, perSource: 5_000 },
  sipTls: { share: 0.15, most: 20_000, perSource: 5_000, reserve: 0.2 },
  sipOauth: { share: 0.08, most: 20_000, perSource: 5_000, reserve: 0.2 },
  sipFromEdge: { share: 0.08, most: 20_000, reserve: 0.5, fewSources: true, strangers: 64, strangersPerSource: 16 },
  edgeAccess: { share: 0.02, most: 500, reserve: 0.5, fewSources: true, strangers: 64, strangersPerSource: 8 },
  health: { share: 0.01, most: 64 },
  // Role cloud.
  cloud: { share: 0.85, most: 20_000 },
  cloudConsole: { share: 0.1, most: 4_000 },
  cloudHealth: { share: 0.01, most: 64 },
  // Role expressway-e: whoever comes from the Internet.
  edgePhones: { share: 0.25, most: 10_000, reserve: 0.2, strangersPart: 0.1, strangersPerSource: 32 },
  edgeSip: { share: 0.6, most: 50_000, reserve: 0.2, strangersPart: 0.1, perSource: 2_000, strangersPerSource: 32 },
  edgeTunnel: { share: 0.05, most: 256, reserve: 0.5, fewSources: true, strangers: 32, strangersPerSource: 8 },
  edgeConsole: { share: 0.05, most: 1_000 },
  // Role expressway-c.
  controllerConsole: { share: 0.5, most: 1_000 },
} as const satisfies Readonly<Record<string, DoorKind>>;

export type Door = keyof typeof doors;

/** What a role's process gives to all its listeners together. */
export interface ConnectionBudget {
  readonly connections: number;
  readonly perSource?: number | undefined;
  readonly strangersPerSource?: number | undefined;
}

/** Of a process that nobody told anything: what an ordinary descriptor limit leaves room for. */
export const usualBudget: ConnectionBudget = { connections: 15_000 };

const usualPerSource = 1_024;
const usualStrangersPerSource = 256;
const usualStrangersPart = 0.5;
/** At least so many, however small the process: somebody has to get in. */
const least = 8;

const silentMs = 5_000;
const openingMs = 10_000;

/** The limits of one listener. `override` for tests and benches. */
export function connectionLimits(
  door: Door,
  budget: ConnectionBudget = usualBudget,
  override: { readonly [K in keyof ConnectionLimits]?: ConnectionLimits[K] | undefined } = {},
): ConnectionLimits {
  const kind: DoorKind = doors[door];
  const total = override.total ?? Math.max(least, Math.min(kind.most, Math.floor(budget.connections * kind.share)));
  const strangers = Math.min(kind.strangers ?? total, Math.ceil(total * (kind.strangersPart ?? usualStrangersPart)));
  const perSource = kind.fewSources ? total : Math.min(total, budget.perSource ?? kind.perSource ?? usualPerSource);
  const strangersPerSource = budget.strangersPerSource ?? usualStrangersPerSource;
  return {
    total,
    perSource: override.perSource ?? perSource,
    strangers: override.strangers ?? Math.max(least, strangers),
    strangersPerSource:
      override.strangersPerSource ?? Math.min(strangersPerSource, kind.strangersPerSource ?? strangersPerSource),
    reserve: override.reserve ?? Math.floor(total * (kind.reserve ?? 0)),
    silentMs: override.silentMs ?? silentMs,
    openingMs: override.openingMs ?? openingMs,
  };
}
