import type { Duplex } from 'node:stream';
import type { PhoneVouch } from '../../protocol/edge-access/phone-vouch.ts';
import type { PhoneRoute } from '../../protocol/tunnel/requests.ts';

/** What a node answered, for a phone. */
export interface ClusterAnswer {
  readonly status: number;
  readonly contentType: string | undefined;
  /** Whole seconds. */
  readonly retryAfter: number | undefined;
  readonly wwwAuthenticate: string | undefined;
  readonly body: Uint8Array;
}

/** The inside, as Expressway-C's tunnel sees it. */
export interface ClusterDoor {
  /** `body`: as src/protocol/edge-access writes it. `domain`, `issuer`: which cluster is meant, where the request says so. `mayRepeat`: another node may be asked when it is not known what became of it. Undefined: no node answered. */
  ask(
    route: PhoneRoute,
    connection: string,
    body: string,
    more: { readonly mayRepeat: boolean; readonly domain?: string | undefined; readonly issuer?: string | undefined },
  ): Promise<ClusterAnswer | undefined>;
  /** A TLS connection to a registrar with the preface sent. Undefined: no node took it. */
  openSip(vouch: PhoneVouch): Promise<Duplex | undefined>;
}
