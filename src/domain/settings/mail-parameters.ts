import type { ParameterKind } from './parameter.ts';

const group = 'E-mail';
const hostName = '[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?';

/** Names of the enterprise parameters that mail reads. */
export const mailParameter = {
  server: 'SMTP Server',
  port: 'SMTP Port',
  security: 'SMTP Connection Security',
  user: 'SMTP User',
  sender: 'E-mail Sender Address',
  selfCareUrl: 'Self Care Base URL',
  containsCode: 'E-mail Contains Activation Code',
  timeLimit: 'E-mail Delivery Time Limit (Hours)',
} as const;

/** How activation codes are handed over by e-mail. */
export const mailParameters: readonly ParameterKind[] = [
  {
    name: mailParameter.server,
    group,
    help: 'Host name or IP address of the mail server that takes our messages. Empty: no e-mail is sent.',
    type: { kind: 'text', maxLength: 253, pattern: `^(?:${hostName}|[0-9A-Fa-f:.]{2,45})?$` },
    defaultValue: '',
  },
  {
    name: mailParameter.port,
    group,
    help: 'Usually 587 with STARTTLS, 465 with TLS, 25 for a relay in the own network.',
    type: { kind: 'number', minimum: 1, maximum: 65_535 },
    defaultValue: '587',
  },
  {
    name: mailParameter.security,
    group,
    help: 'STARTTLS: the connection must become encrypted before anything is sent. TLS: encrypted from the start. None: nothing is encrypted, and nobody signs in; only for a relay in a network you trust. The certificate of the server must be one that the operating system trusts.',
    type: { kind: 'choice', choices: ['STARTTLS', 'TLS', 'None'] },
    defaultValue: 'STARTTLS',
  },
  {
    name: mailParameter.user,
    group,
    help: 'User to sign in with at the mail server. Empty: no sign-in. The password is set apart and never shown.',
    type: { kind: 'text', maxLength: 128, pattern: '^[ -~\\u00A0-\\uFFFF]*$' },
    defaultValue: '',
  },
  {
    name: mailParameter.sender,
    group,
    help: 'Address that messages come from, e.g. phones@example.com. Answers go there.',
    type: {
      kind: 'text',
      maxLength: 254,
      pattern:
        "^(?:[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)?$",
    },
    defaultValue: '',
  },
  {
    name: mailParameter.selfCareUrl,
    group,
    help: 'Where messages send people for their code, e.g. https://phones.example.com:8443/selfcare. Empty: Self Care of the node that sends.',
    type: {
      kind: 'text',
      maxLength: 512,
      pattern: `^(?:https://${hostName}(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~-]+)*/?)?$`,
    },
    defaultValue: '',
  },
  {
    name: mailParameter.containsCode,
    group,
    help: 'Whether a message carries the activation code and its QR code. Otherwise it carries a link to Self Care, where the user signs in to see the code.',
    type: { kind: 'boolean' },
    defaultValue: 'false',
  },
  {
    name: mailParameter.timeLimit,
    group,
    help: 'How long a message is tried again while the mail server does not take it.',
    type: { kind: 'number', minimum: 1, maximum: 168, unit: 'hours' },
    defaultValue: '24',
  },
];
