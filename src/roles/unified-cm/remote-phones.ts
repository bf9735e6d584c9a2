/** How phones of the lab come in from outside. */
export interface RemotePhones {
  readonly cloudUrl: string;
  /** Public JWK, as text. */
  readonly cloudKey: string;
  /** PEM. */
  readonly cloudAuthority: string;
  readonly dns: { readonly host: string; readonly port: number };
}
