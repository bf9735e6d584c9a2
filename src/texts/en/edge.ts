import type { SentenceTexts } from '../sentence.ts';

/** Sentences about Expressway-C and Expressway-E. */
export const edgeEn = {
  activation_needs_oauth: [
    'Activation code onboarding needs "Authorize by OAuth token with refresh".',
    'Switch on "Authorize by OAuth token with refresh" too, or switch this off first.',
  ],
  certificate_chain_broken: [
    'Certificate {issuer} did not issue certificate {place}.',
    'Put each certificate before the one that issued it, and leave out what does not belong.',
  ],
  certificate_expired: ['Certificate {place} has expired on {since}.', 'Ask its issuer for a new one.'],
  certificate_not_for_key: [
    'The first certificate is not for the key of this Expressway-E.',
    'Have the signing request signed that this page shows, and put that certificate first.',
  ],
  'certificate_unreadable.none': [
    'There is no certificate in this text.',
    'Paste the certificate and then its issuers, each with its BEGIN and END line.',
  ],
  'certificate_unreadable.one_of_them': [
    'One of the certificates cannot be read.',
    'Paste them as PEM text, each with its BEGIN and END line.',
  ],
  'certificate_unreadable.too_many': [
    'There are more than {most} certificates in this text.',
    'Paste the certificate and the issuers it needs, and nothing else.',
  ],
  cluster_not_trusted: [
    '{url} does not show a certificate of this cluster: {message}',
    'Check the address, and that the authority given is the one of this cluster.',
  ],
  'cluster_not_trusted.no_authority': [
    'The node does not show its authority.',
    'Export the authority of the cluster (cluster-ca.pem, or the page of the ITL) and paste it here.',
  ],
  cluster_refused: [
    'The answer of this address is not that of a Unified CM node.',
    'Name the HTTPS address of the administration of a node.',
  ],
  'cluster_refused.said': ['{message}', 'Check the address, and that the user may change the system.'],
  'cluster_refused.status': [
    'The node answered with status {status}.',
    'Check the address, and that the user may change the system.',
  ],
  cluster_unknown: ['There is no cluster {id} here.', 'The list shows the clusters of this Expressway-C.'],
  cluster_unreachable: [
    '{url} cannot be reached: {message}',
    'Check the address and that the firewall lets Expressway-C reach it.',
  ],
  'cluster_unreachable.no_node': [
    'The cluster took this Expressway-C, but no node answers at its port for it.',
    'Check that the firewall lets Expressway-C reach port 8444 (edgeAccess) of the nodes.',
  ],
  controller_unknown: [
    'There is no Expressway-C called {name} here.',
    'The list shows the ones this Expressway-E was paired with.',
  ],
  domain_invalid: ['"{text}" is not a domain name.', 'Write it like mra.example.org.'],
  edge_unknown: [
    'There is no Expressway-E called {name} here.',
    'The list shows the ones this Expressway-C was paired with.',
  ],
  edge_unreachable: [
    '{message}',
    'Check that the firewall lets this host reach the tunnel port of Expressway-E, and that the text is from that E.',
  ],
  pairing_refused: [
    '{name} does not accept this pairing text.',
    'A text works once and for 15 minutes: make a new one on Expressway-E.',
  ],
  pairing_text_expired: [
    'The pairing text of {name} has expired.',
    'Make a new one on Expressway-E and use it within 15 minutes.',
  ],
  pairing_text_invalid: [
    'This is not a pairing text of an Expressway-E.',
    'Copy the whole text that Expressway-E shows; it begins with FREDGE1.',
  ],
  state_unreadable: [
    '{path} does not hold what this role keeps there.',
    'Put the file back from a backup, or move it away to begin anew (the pairing then has to be done again).',
  ],
  'version_conflict.mra_access': [
    'MRA access control was changed by somebody else meanwhile.',
    'Read it again, and repeat the change if it still makes sense.',
  ],
} as const satisfies SentenceTexts;
