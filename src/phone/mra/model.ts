/** What a phone knows of the way in from outside (spec/mra.md). Plain data, kept over a restart. */

/** An Expressway-E as an SRV record names it. */
export interface EdgeTarget {
  readonly host: string;
  readonly port: number;
}

/** By what a phone knows an Expressway-E: the PhoneEdge-trust certificates. */
export interface EdgeTrust {
  /** Lower-case hex of SHA-256 of each certificate. Empty: the edge's certificate chains to a public root. */
  readonly sha256: readonly string[];
  /** DER of those the phone was given; of the others it knows the fingerprint only, and finds them in the chain an edge shows. */
  readonly certificates: readonly Uint8Array[];
}

/** The cloud's answer to a locator, its signature verified. */
export interface CloudAnswer {
  readonly activationDomain: string;
  readonly edgeTrust: EdgeTrust;
  /** Lower-case hex: SHA-256 of the das_id that must answer. */
  readonly clusterHint: string;
}

export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Of the refresh these tokens will be renewed by: the same when it is asked again because its answer got lost. */
  readonly requestId: string;
  /** Milliseconds since the epoch, by the phone's clock. */
  readonly expiresAt: number;
  /** When the phone asks for new ones: before the end. */
  readonly refreshAt: number;
}

/** What makes a phone an MRA phone. Proved by the handshake, so it outlives a restart. */
export interface RemoteAccess {
  readonly activationDomain: string;
  /** Where the phone registers. */
  readonly serviceDomain: string;
  readonly edgeTrust: EdgeTrust;
  readonly tokens: Tokens;
}

/** What an edge says of its domain (get_edge_config). */
export interface EdgeConfiguration {
  /** SIP over TLS. */
  readonly sip: EdgeTarget;
}
