import { existsSync } from 'node:fs';
import type { Configuration } from '../infra/config/configuration.ts';
import type { Log } from '../kernel/log.ts';

/** What every way of running is given. */
export interface ProcessParts {
  readonly configuration: Configuration;
  readonly version: string;
  readonly log: Log;
  /** Aborted: stop. */
  readonly signal: AbortSignal;
  /** Whatever is put here ends with the process, the last first. */
  readonly stack: AsyncDisposableStack;
}

/** What a laboratory tells the phones that are plugged in there. */
export interface LaboratoryRuntime {
  readonly manufacturerCaCert: string;
  readonly manufacturerCaKey: string;
  /** Public JWK that phones pin. */
  readonly cloudKey?: unknown;
  /** PEM file: what the cloud's TLS certificate chains to. */
  readonly cloudCa?: string;
  readonly activationDomain?: string;
  readonly serviceDomains?: readonly string[];
}

/** A role that runs. */
export interface RunningRole {
  readonly endpoints: Readonly<Record<string, string>>;
  /** `passwordFile`: where the first password lies; undefined: not on this machine, or it was removed since. */
  readonly admin: { readonly user: string; readonly passwordFile?: string };
  /** Path of a PEM file. */
  readonly clusterCa?: string;
  readonly lab?: LaboratoryRuntime;
  /** Of role cloud: what phones and clusters are given. */
  readonly cloud?: { readonly cloudKey: unknown; readonly cloudCa: string };
}

/** Names the file only where there is one: the first password lies on the node that made it, and should be removed once it was changed. */
export function firstAdministrator(user: string, passwordFile: string): RunningRole['admin'] {
  return existsSync(passwordFile) ? { user, passwordFile } : { user };
}
