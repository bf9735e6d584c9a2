import type { SentenceTexts } from '../sentence.ts';

/** Sentences about certificate revocation lists. */
export const revocationEn = {
  crl_forged: ['The signature is not that of the authority the list names.', 'Fetch the list again.'],
  crl_issuer_unknown: [
    'No authority in CallManager-trust that leads to a root of manufacturing certificates has the name and key of the issuer.',
    'Upload the certificate of the authority that signed the list to CallManager-trust first, and its root.',
  ],
  'crl_issuer_unknown.not_allowed': [
    'The certificate of the authority that signed the list does not let it sign lists (key usage cRLSign).',
    "Upload the manufacturer's complete list, signed by the authority that issued the certificates.",
  ],
  crl_not_newer: [
    'The list that is in force is as new or newer.',
    'Upload the newest list of the manufacturer. To go back to an older one, delete the one in force first.',
  ],
  'crl_not_newer.number': [
    'The list that is in force (number {number}, of {since}) is as new or newer.',
    'Upload the newest list of the manufacturer. To go back to an older one, delete the one in force first.',
  ],
  crl_reader_busy: ['Too many revocation lists are being read at once.', 'Try again in a minute.'],
  crl_too_large: [
    'A list may have {size} MiB in DER and name {entries} certificates.',
    'Ask the manufacturer for a list without certificates that have expired, or for lists by part (distribution point).',
  ],
  'crl_too_large.together': [
    'All revocation lists together may name {entries} certificates, in {lists} lists.',
    'Delete the lists of manufacturers whose phones are not here any more.',
  ],
  'crl_unfit.attribute_certificates': [
    'It speaks of attribute certificates only.',
    "Upload the manufacturer's complete list, signed by the authority that issued the certificates.",
  ],
  'crl_unfit.delta': [
    'It is a delta list: it names only what changed.',
    "Upload the manufacturer's complete list, signed by the authority that issued the certificates.",
  ],
  'crl_unfit.future': ['The list begins in the future.', 'Look at the clock of this node; else upload it then.'],
  'crl_unfit.indirect': [
    'It is an indirect list: it speaks of certificates of other authorities.',
    "Upload the manufacturer's complete list, signed by the authority that issued the certificates.",
  ],
  'crl_unfit.removal': [
    'It has an entry with reason removeFromCRL, which only a delta list may have.',
    "Upload the manufacturer's complete list, signed by the authority that issued the certificates.",
  ],
  'crl_unfit.unknown_extension': [
    'It has a critical extension that is not known here.',
    "Upload the manufacturer's complete list, signed by the authority that issued the certificates.",
  ],
  'crl_unfit.weak': [
    'The list is signed with a key or hash that is too weak.',
    'Upload one signed with SHA-256 or better, or let the root carry SHA-1 signatures (legacySha1).',
  ],
  crl_unreadable: ['That is not exactly one certificate revocation list.', 'Upload one list (RFC 5280) as DER or PEM.'],
} as const satisfies SentenceTexts;
