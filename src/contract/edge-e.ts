import Type from 'typebox';
import { Instant, strict } from './common.ts';
import { Hindrance } from './edge-common.ts';

const name = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$', description: 'Name of the Expressway-C' });

export const EdgeEStatus = strict(
  {
    name: Type.String({ description: 'Name of this Expressway-E' }),
    version: Type.String({ description: 'Version of the software' }),
    hostName: Type.String({ description: 'What the SRV records lead to' }),
    endpoints: strict(
      {
        https: Type.String({ description: 'Phones: activation, configuration, tokens' }),
        sip: Type.String({ description: 'Phones: SIP' }),
        tunnel: Type.String({ description: 'Expressway-C dials in here' }),
      },
      { description: 'Where it listens' },
    ),
    problems: Type.Array(Hindrance, { description: 'Why phones are not served; empty: they are' }),
    asksForCertificate: Type.Boolean({ description: 'Whether phones are asked for their certificate on HTTPS' }),
    domains: Type.Array(Type.String(), { description: 'Domains it answers for, as Expressway-C says' }),
    phones: strict(
      {
        connections: Type.Integer({ description: 'HTTPS connections now' }),
        sipFlows: Type.Integer({ description: 'SIP connections now' }),
        requests: Type.Integer({ description: 'Requests since the start' }),
        refusals: Type.Integer({ description: 'Requests refused here since the start' }),
      },
      { description: 'Counters' },
    ),
    controllers: Type.Array(
      strict({
        name,
        certificateSha256: Type.String({ description: 'SHA-256 of its certificate in hex' }),
        since: Instant('When it was paired'),
        tunnels: Type.Integer({ description: 'Connections it holds now' }),
        ready: Type.Boolean({ description: 'Whether it has told what it wants' }),
      }),
      { description: 'Expressway-Cs this one was paired with' },
    ),
  },
  { title: 'ExpresswayEStatus', description: 'How this Expressway-E is doing', examples: [] },
);

export const PairingText = strict(
  {
    text: Type.String({ description: 'Paste it on Expressway-C. It holds a secret: show it to nobody else' }),
    expiresAt: Instant('Good until then, and once'),
  },
  {
    title: 'PairingText',
    description: 'Lets one Expressway-C in',
    examples: [{ text: 'FREDGE1.eyJuIjoiZTEi…', expiresAt: '2026-11-21T18:15:00.000Z' }],
  },
);

export const ControllerName = strict({ name });

export const ServerCertificate = strict(
  {
    subject: Type.String({ description: 'Whose it is' }),
    issuer: Type.String({ description: 'Who signed it' }),
    names: Type.Array(Type.String(), { description: 'DNS names it holds' }),
    notBefore: Instant('Valid from'),
    notAfter: Instant('Valid until'),
    origin: Type.Enum(['self-signed', 'lab', 'uploaded'], { description: 'Where it comes from' }),
    pem: Type.String({ description: 'The chain phones are shown, the authority last' }),
    authority: strict(
      {
        subject: Type.String({ description: 'Whose it is' }),
        sha256: Type.String({ description: 'SHA-256 in hex' }),
        pem: Type.String({ description: 'Upload it to PhoneEdge-trust on Unified CM' }),
      },
      { description: 'What phones must trust' },
    ),
    findings: Type.Array(
      strict({
        level: Type.Enum(['error', 'warning'], { description: 'error: phones refuse it' }),
        code: Type.String({ description: 'Stable name of the finding' }),
        subject: Type.String({ description: 'The name or the date it is about' }),
        message: Type.String({ description: 'In plain words' }),
        remedy: Type.String({ description: 'What to do' }),
      }),
      { description: 'What is wrong with it' },
    ),
  },
  { title: 'EdgeServerCertificate', description: 'The certificate phones see', examples: [] },
);

export const SigningRequest = strict(
  { pem: Type.String({ description: 'PKCS#10: give it to your authority' }) },
  {
    title: 'SigningRequest',
    description: 'What an authority signs',
    examples: [{ pem: '-----BEGIN CERTIFICATE REQUEST-----\n…' }],
  },
);

export const NewServerCertificate = strict(
  {
    certificates: Type.String({
      minLength: 1,
      maxLength: 200_000,
      description: 'PEM: the certificate first, then each issuer, up to and including the authority',
    }),
  },
  {
    title: 'NewServerCertificate',
    description: 'What the authority signed',
    examples: [{ certificates: '-----BEGIN CERTIFICATE-----\n…' }],
  },
);

export const TrustedAuthorities = strict(
  {
    items: Type.Array(
      strict({
        subject: Type.String({ description: 'Whose it is' }),
        issuer: Type.String({ description: 'Who signed it' }),
        sha256: Type.String({ description: 'SHA-256 in hex' }),
        notAfter: Instant('Valid until'),
      }),
    ),
  },
  {
    title: 'ActivateCodeOnboardingTrustedCaCertificates',
    description: 'The manufacturers’ authorities, fetched from the cluster through Expressway-C',
    examples: [{ items: [] }],
  },
);
