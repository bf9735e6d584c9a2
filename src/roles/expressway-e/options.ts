import type { EdgeLimits } from '../../endpoints/edge/edge-limits.ts';
import type { ConnectionBudget } from '../../endpoints/listen/connection-limits.ts';
import type { PasswordPoolOptions } from '../../infra/passwords/password-pool.ts';
import type { Issuer } from '../../infra/pki/issue.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Heartbeat } from '../../protocol/tunnel/heartbeat.ts';

export interface ExpresswayEOptions {
  /** Its name within the edge: letters, digits, dot, dash, underscore. In every assertion. */
  readonly name: string;
  /** Its own: keys, certificates, who it was paired with. */
  readonly dataDirectory: string;
  /** What the SRV records lead to; in its certificate and in get_edge_config. */
  readonly hostName: string;
  /** Domains its certificate is checked for; which ones are served is Expressway-C's to say. */
  readonly domains: readonly string[];
  readonly listen: {
    /** Phones and, unless named below, the tunnel and the console. */
    readonly address: string;
    /** Inside only. */
    readonly consoleAddress?: string | undefined;
    readonly tunnelAddress?: string | undefined;
  };
  /** 0: any free one. */
  readonly ports: { readonly https: number; readonly sip: number; readonly tunnel: number; readonly console: number };
  /** Where Expressway-C reaches the tunnel listener, for the pairing text; default: the tunnel's listening address. */
  readonly tunnelPublicAddress?: string | undefined;
  /** Where phones reach the listeners when that is not where they listen (port forwarding). */
  readonly publicPorts?: { readonly https?: number | undefined; readonly sip?: number | undefined } | undefined;
  /** TURN servers that phones are offered, `host:port` over UDP. Default: none. */
  readonly turnServers?: readonly string[] | undefined;
  /** A laboratory's authority: signs the server certificate at once. */
  readonly labAuthority?: Issuer | undefined;
  /** What its listeners may hold together. */
  readonly connections?: ConnectionBudget | undefined;
  readonly version: string;
  readonly log: Log;
  readonly limits?: Partial<EdgeLimits> | undefined;
  readonly heartbeat?: Heartbeat | undefined;
  readonly clock?: Clock | undefined;
  /** What the hash of the console's password costs. */
  readonly passwords?: PasswordPoolOptions | undefined;
  /** The built console (dist/web). */
  readonly webDirectory?: string | undefined;
}

export interface ExpresswayEEndpoints {
  readonly expresswayE: string;
  readonly expresswayESip: string;
  readonly expresswayETunnel: string;
  readonly expresswayEConsole: string;
}

export interface RunningExpresswayE extends AsyncDisposable {
  readonly name: string;
  readonly endpoints: ExpresswayEEndpoints;
  /** User `admin`; its first password lies there. */
  readonly consolePasswordFile: string;
  /** DER of the authority phones must trust: for PhoneEdge-trust. */
  readonly serverRoot: Buffer;
  /** Good once and for 15 minutes. */
  pairingText(): Promise<string>;
  /** `host:port` where controllers dial in, as pairing texts name it. */
  readonly tunnelAddress: string;
  /** Some Expressway-C is connected and has told what it wants. */
  connected(): boolean;
  /** Why it cannot serve phones now, in plain words. */
  notReady(): readonly string[];
}
