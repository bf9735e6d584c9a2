/**
 * The ciphers of all listeners that still speak TLS 1.2; TLS 1.3 has only good ones. Ephemeral keys and authenticated encryption (RFC 9325
 * §4.2): what was recorded cannot be read later with the node's key.
 */
const modern = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
];

/** What phones of before about 2015 know: static RSA keys, CBC with SHA-1. Behind all others, so that nobody else gets them. */
const old = [
  'ECDHE-ECDSA-AES128-SHA',
  'ECDHE-RSA-AES128-SHA',
  'ECDHE-RSA-AES256-SHA',
  'AES128-GCM-SHA256',
  'AES256-GCM-SHA384',
  'AES128-SHA',
  'AES256-SHA',
];

/** TLS 1.2 and later, for browsers, programs and phones as they are made now. */
export const tls12 = { minVersion: 'TLSv1.2', ciphers: modern.join(':'), honorCipherOrder: true } as const;

/** Of SIP and TVS, where old phones may be let in by setting `tls.oldPhones`. */
export function phoneTls(oldPhones: boolean) {
  return oldPhones ? ({ ...tls12, ciphers: [...modern, ...old].join(':') } as const) : tls12;
}
