import type { AccessControl } from '../../domain/edge/access-control.ts';
import type { ConnectionBudget } from '../../endpoints/listen/connection-limits.ts';
import type { Enrolment } from '../../infra/edge/enrol.ts';
import type { NodePlace } from '../../infra/edge/node-session.ts';
import type { PasswordPoolOptions } from '../../infra/passwords/password-pool.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Heartbeat } from '../../protocol/tunnel/heartbeat.ts';

export interface ExpresswayCOptions {
  /** Its name: letters, digits, dot, dash, underscore. */
  readonly name: string;
  /** Its own: key, certificate, settings, edges and clusters. */
  readonly dataDirectory: string;
  readonly listen: { readonly address: string };
  /** 0: any free one. */
  readonly ports: { readonly console: number };
  /** Tunnels to each E. */
  readonly tunnels?: number | undefined;
  /** What its listeners may hold together. */
  readonly connections?: ConnectionBudget | undefined;
  readonly version: string;
  readonly log: Log;
  readonly heartbeat?: Heartbeat | undefined;
  readonly clock?: Clock | undefined;
  /** What the hash of the console's password costs. */
  readonly passwords?: PasswordPoolOptions | undefined;
  /** The built console (dist/web). */
  readonly webDirectory?: string | undefined;
}

export interface RunningExpresswayC extends AsyncDisposable {
  readonly name: string;
  readonly endpoints: { readonly expresswayCConsole: string };
  /** User `admin`; its first password lies there. */
  readonly consolePasswordFile: string;
  /** What clusters know it by. */
  readonly certificatePem: string;
  /** `address`: `host:port` of its tunnels; one that moved is paired with anew. */
  isPairedWith(edge: string, address: string): boolean;
  /** Throws EdgeFault. */
  pair(text: string): Promise<void>;
  hasCluster(): boolean;
  /** Throws EdgeFault. */
  addCluster(enrolment: Enrolment): Promise<void>;
  /** The nodes of the cluster with this authority (PEM) are to be found there now. */
  clusterIsAt(clusterCa: string, places: readonly NodePlace[]): Promise<void>;
  /** Throws EdgeFault. */
  changeSettings(change: Partial<AccessControl>): Promise<void>;
  /** Settles once a tunnel to every E stands and every cluster was seen. */
  ready(): Promise<void>;
  /** Why it cannot serve now, in plain words. */
  notReady(): readonly string[];
}
