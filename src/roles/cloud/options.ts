import type { CloudListenerLimits } from '../../endpoints/cloud/listener.ts';
import type { CloudRates } from '../../endpoints/cloud/routes.ts';
import type { ConnectionBudget } from '../../endpoints/listen/connection-limits.ts';
import type { ScryptCost } from '../../infra/passwords/phc.ts';
import type { Log } from '../../kernel/log.ts';
import type { CloudKey } from '../../protocol/cloud/key.ts';

/** All that a node of the cloud is told. Nothing else is read from anywhere, so several may run in one process. */
export interface CloudOptions {
  /** Names this node in logs. */
  readonly name: string;
  /** Of its own: holds the key file, the operator's first password, the authority's certificate, and the embedded database. */
  readonly dataDirectory: string;
  /** A database of its own, never a cluster's; absent: an embedded PostgreSQL below `dataDirectory`. */
  readonly database?:
    | {
        readonly url: string;
        /** The owner of the schema; absent: `url` is. */
        readonly ownerUrl?: string | undefined;
        readonly connections?: number | undefined;
      }
    | undefined;
  /** 32 octets, the same on all nodes of one cloud; absent: from `keyFile`. */
  readonly keyEncryptionKey?: Uint8Array | undefined;
  /** 0600; made with a new database when it is not there. Absent: `dataDirectory/kek`. */
  readonly keyFile?: string | undefined;
  /** DNS names and addresses by which phones, clusters and the operator reach it. */
  readonly hostNames: readonly string[];
  /** `iss` of its answers, the same on all nodes; absent: `https://<first host name>:<port>`. */
  readonly publicUrl?: string | undefined;
  readonly listen: {
    readonly address: string;
    /** Of the operator's console: an inside address. Absent: `address`. */
    readonly consoleAddress?: string | undefined;
    /** Absent: this machine only, for there is no sign-in. */
    readonly metricsAddress?: string | undefined;
  };
  /** 0: any free one. No `metrics`: no such listener. */
  readonly ports: { readonly cloud: number; readonly cloudConsole: number; readonly metrics?: number | undefined };
  /** PEM; absent: a certificate by the cloud's own authority. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  /** Anybody who reaches it gets a voucher: for laboratories. */
  readonly selfService?: boolean | undefined;
  /** Trusted at start when they are not yet: the manufacturer of a laboratory. */
  readonly trustedManufacturers?: readonly { readonly der: Uint8Array; readonly description: string }[] | undefined;
  /** What its listeners may hold together. */
  readonly connections?: ConnectionBudget | undefined;
  readonly version: string;
  readonly log: Log;
  /** The built console (dist/web); absent: REST only. */
  readonly webDirectory?: string | undefined;
  /** For tests and tuning. */
  readonly limits?: Partial<CloudListenerLimits> | undefined;
  readonly rates?: Partial<CloudRates> | undefined;
  readonly passwordCost?: ScryptCost | undefined;
}

export interface RunningCloud extends AsyncDisposable {
  /** URLs. `cloud` for phones and clusters, `cloudConsole` for the operator. */
  readonly endpoints: { readonly cloud: string; readonly cloudConsole: string; readonly cloudMetrics?: string };
  /** The first password of user `operator`. */
  readonly passwordFile: string;
  /** PEM file of the cloud's own authority. */
  readonly authorityFile: string;
  /** DER of the same. */
  readonly authority: Uint8Array;
  /** Phones pin it. */
  readonly cloudKey: CloudKey['jwk'];
  readonly issuer: string;
  /** A voucher as the operator would make it. */
  makeVoucher(note: string): Promise<string>;
  /** Empty: it serves. Otherwise what is missing, in plain words. */
  notReady(): readonly string[];
}

export const operatorName = 'operator';
