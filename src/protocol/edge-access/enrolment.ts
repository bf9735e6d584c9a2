import { asObject, integerField, listField, parseObject, textField } from '../json/fields.ts';

/**
 * `POST /api/v1/expressways {name, certificate: PEM}` by an administrator, from Expressway-C's console, once per cluster → 201 with this. From
 * then on the certificate's SHA-256 is what the cluster knows C by, on `edgeAccess` and `sipOauthMra`.
 */
export interface EnrolledExpressway {
  readonly id: string;
  readonly name: string;
  /** Lower-case hex of SHA-256 over the DER. */
  readonly sha256: string;
  /** PEM: what the nodes' server certificates chain to. */
  readonly clusterCa: string;
  readonly edgeAccess: readonly { readonly node: string; readonly host: string; readonly port: number }[];
}

/** Throws MalformedError. Members it does not know are left out. */
export function readEnrolledExpressway(text: string): EnrolledExpressway {
  const message = parseObject(text);
  return {
    id: textField(message, 'id'),
    name: textField(message, 'name'),
    sha256: textField(message, 'sha256', /^[0-9a-f]{64}$/),
    clusterCa: textField(
      message,
      'clusterCa',
      /^-----BEGIN CERTIFICATE-----\r?\n[A-Za-z0-9+/=\r\n]+-----END CERTIFICATE-----\s*$/,
    ),
    edgeAccess: listField(message, 'edgeAccess', (item) => {
      const place = asObject(item, 'edgeAccess item');
      return {
        node: textField(place, 'node'),
        host: textField(place, 'host', /^[A-Za-z0-9._:[\]-]{1,253}$/),
        port: integerField(place, 'port', 1, 65535),
      };
    }),
  };
}
