import Type from 'typebox';
import { Instant, name, nullable, strict } from './common.ts';
import { resource } from './resource.ts';

export const mraServiceDomains = resource({
  title: 'MraServiceDomain',
  description: 'A domain by which phones outside find an Expressway cluster',
  path: 'mra-service-domains',
  fields: {
    name: name(253, 'What the service domain is called'),
    domain: Type.String({
      minLength: 3,
      maxLength: 280,
      description:
        'The domain whose `_collab-edge._tls` SRV record leads to the Expressway-E cluster; the whole record may be written too',
    }),
    isDefault: Type.Boolean({
      description:
        'Whether phones use it whose device pool says `<None>`. Exactly one is the default: the first one, until another one is made it',
    }),
  },
  defaults: { isDefault: false },
  example: { name: 'EMEA', domain: 'emea.example.org', isDefault: false },
  sorts: ['name', 'domain'],
});

const finding = strict(
  {
    code: Type.String({ description: 'Stable name of what was found' }),
    severity: Type.Enum(['error', 'warning'], { description: 'error: phones do not get through' }),
    text: Type.String({ description: 'In plain words' }),
    remedy: Type.String({ description: 'What to do' }),
  },
  { title: 'MraDomainFinding', description: 'Something that is wrong with a service domain' },
);

export const MraDomainCheck = strict(
  {
    domain: Type.String({ description: 'The domain that was checked' }),
    record: Type.String({ description: 'The SRV record phones look up' }),
    checkedAt: Instant('When'),
    outcome: Type.Enum(['ok', 'partly', 'failed'], {
      description: 'partly: phones get through, but something is wrong; failed: no phone gets through',
    }),
    findings: Type.Array(finding, { description: 'About the record itself' }),
    targets: Type.Array(
      strict(
        {
          host: Type.String({ description: 'Name of an Expressway-E' }),
          port: Type.Integer({ description: 'Its port' }),
          priority: Type.Integer({ description: 'Lower is tried first' }),
          weight: Type.Integer({ description: 'Share among equal priorities' }),
          addresses: Type.Array(Type.String(), { description: 'Where the name leads to' }),
          certificate: nullable(
            strict(
              {
                subject: Type.String({ description: 'Whose it is' }),
                names: Type.Array(Type.String(), { description: 'DNS names in it' }),
                notAfter: Instant('Valid until'),
                fitsHost: Type.Boolean({ description: 'Whether the name of the SRV record is in it' }),
                trust: Type.Enum(['phone-edge-trust', 'public', 'untrusted'], {
                  description: 'What makes phones trust it',
                }),
              },
              { title: 'MraEdgeCertificate', description: 'What the server showed' },
            ),
            'Null when the server was not reached',
          ),
          findings: Type.Array(finding, { description: 'About this server' }),
        },
        { title: 'MraEdgeTarget', description: 'One server behind the SRV record' },
      ),
      { description: 'In the order phones try them' },
    ),
  },
  {
    title: 'MraDomainCheck',
    description: 'Whether phones outside find an edge by this domain and can trust it',
    examples: [
      {
        domain: 'emea.example.org',
        record: '_collab-edge._tls.emea.example.org',
        checkedAt: '2026-11-21T18:00:00.000Z',
        outcome: 'failed',
        findings: [
          {
            code: 'srv_missing',
            severity: 'error',
            text: 'There is no SRV record _collab-edge._tls.emea.example.org.',
            remedy: 'Add it in public DNS.',
          },
        ],
        targets: [],
      },
    ],
  },
);
