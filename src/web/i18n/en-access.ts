/** Expressway-C and access tokens. */
export const enAccess = {
  'nav.expressways': 'Expressway-C',
  'kind.expressway': 'Expressway-C',
  'kind.oauth-grant': 'Tokens of a phone',
  'kind.oauth-key': 'Key of access tokens',
  'auditAction.expressway.added': 'Expressway-C added',
  'auditAction.expressway.removed': 'Expressway-C removed',
  'auditAction.oauth-grant.revoked': 'Tokens of a phone revoked',
  'auditAction.oauth-key.made': 'Key of access tokens made',

  'expressway.lead':
    'Phones outside come in over these. Each is known by its certificate alone; it may ask for nothing but what its phones need.',
  'expressway.none': 'No Expressway-C yet',
  'expressway.noneText':
    'Open the console of the Expressway-C, go to Unified CM servers, and add this cluster there: the address of one node, an administrator’s user and password, once. It then stands here.',
  'expressway.added': 'Added',
  'expressway.addedBy': '{{when}}, by {{who}}',
  'expressway.certificate': 'Certificate (SHA-256)',
  'expressway.subject': 'Subject',
  'expressway.notAfter': 'Certificate ends',
  'expressway.remove': 'Remove',
  'expressway.removeTitle': 'Remove {{name}}?',
  'expressway.removeText':
    'Its connections are closed at once. Phones that come over it lose their registration until they find another way in.',
  'expressway.removed': 'Removed.',

  'oauthKey.title': 'Keys of access tokens',
  'oauthKey.text':
    'Access tokens are signed with these. A new key is made every 90 days; make one earlier if you think that a key is known to somebody. Tokens signed before stay good until they end.',
  'oauthKey.key': 'Key {{number}}',
  'oauthKey.make': 'Make a new key',
  'oauthKey.made': 'The new key signs in two minutes, when every edge has learned it.',
  'oauthKey.signsFrom': 'signs since {{when}}',
  'oauthKey.signsSoon': 'signs from {{when}} on',
  'oauthKey.acceptedUntil': 'its tokens are accepted until {{when}}',
} as const;
