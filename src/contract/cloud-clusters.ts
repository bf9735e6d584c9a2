import Type from 'typebox';
import { CloudResolveCounts } from './cloud-overview.ts';
import { Instant, name, nullable, strict, text, Version } from './common.ts';

/** The operator's REST of the cloud: its clusters and the vouchers they enrol with. */

const id = Type.String({ format: 'uuid', description: 'Identity that never changes' });
const quota = Type.Integer({ minimum: 0, maximum: 10_000_000, description: 'Live locators it may have' });
const clusterName = name(128, 'What the operator calls it');
const state = Type.Enum(['active', 'suspended'], {
  description: 'suspended: its phones are answered as unknown, it may change nothing',
});

const cluster = {
  id,
  name: clusterName,
  state,
  activationDomain: nullable(Type.String(), 'MRA activation domain; null: none yet'),
  enabled: Type.Boolean({ description: 'Whether the cluster has switched onboarding with the cloud on' }),
  trustVersion: Type.Integer({ minimum: 0, description: 'Version of its PhoneEdge-trust set; 0: never uploaded' }),
  quota,
  allocated: Type.Integer({ minimum: 0, description: 'Live locators it has' }),
  enrolledAt: Instant('When it came'),
  lastSeenAt: nullable(Instant(''), 'When it last spoke to the cloud, to the minute'),
  version: Version,
};
const clusterExample = {
  id: '5b7b0b38-6f0c-4b4e-9a6a-3d1a5d6b1c55',
  name: 'Berlin',
  state: 'active' as const,
  activationDomain: 'mra.example.org',
  enabled: true,
  trustVersion: 3,
  quota: 100_000,
  allocated: 120,
  enrolledAt: '2026-11-01T09:00:00.000Z',
  lastSeenAt: '2026-11-21T18:00:00.000Z',
  version: 1,
};
export const CloudCluster = strict(cluster, {
  title: 'CloudCluster',
  description: 'A cluster of this cloud',
  examples: [clusterExample],
});
export const CloudClusterDetail = strict(
  {
    ...cluster,
    quarantined: Type.Integer({ minimum: 0, description: 'Locators it released that are not free again yet' }),
    certificates: Type.Array(strict({ createdAt: Instant('When it was issued'), notAfter: Instant('When it ends') }), {
      description: 'Client certificates that are good now, the newest first',
    }),
    phoneEdgeTrust: Type.Array(
      strict({
        sha256: Type.String({ description: 'SHA-256 of its DER in hex' }),
        subject: Type.String({ description: 'Whose it is' }),
        notAfter: Instant('When it ends'),
      }),
      { description: 'Certificates that its phones are told to trust' },
    ),
    resolves: CloudResolveCounts,
  },
  {
    title: 'CloudClusterDetail',
    description: 'All that the cloud knows of a cluster',
    examples: [
      {
        ...clusterExample,
        quarantined: 4,
        certificates: [{ createdAt: '2026-11-01T09:00:00.000Z', notAfter: '2027-11-01T09:00:00.000Z' }],
        phoneEdgeTrust: [{ sha256: '0e5f7d3c', subject: 'CN=Example Edge CA', notAfter: '2036-11-01T09:00:00.000Z' }],
        resolves: {
          found: { day: 12, total: 480 },
          unknown: { day: 0, total: 0 },
          limited: { day: 0, total: 0 },
          micRefused: { day: 0, total: 0 },
        },
      },
    ],
  },
);
export const CloudClusters = strict(
  {
    items: Type.Array(CloudCluster),
    total: Type.Integer({ minimum: 0, description: 'How many match, over all pages' }),
    nextCursor: nullable(Type.String(), 'Send it as `cursor` for the next page; null: there is none'),
  },
  {
    title: 'CloudClusters',
    description: 'One page, by name',
    examples: [{ items: [clusterExample], total: 1, nextCursor: null }],
  },
);
export const CloudClusterQuery = strict({
  search: Type.Optional(Type.String({ maxLength: 128, description: 'In its name, activation domain or id' })),
  state: Type.Optional(state),
  cursor: Type.Optional(Type.String({ maxLength: 1024, description: '`nextCursor` of the page before' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, description: 'How many to show at most. Default 50' })),
});
export const CloudClusterPath = strict({ id });
export const CloudClusterChange = strict(
  { name: Type.Optional(clusterName), quota: Type.Optional(quota), state: Type.Optional(state) },
  { title: 'CloudClusterChange', description: 'What to change', minProperties: 1, examples: [{ state: 'suspended' }] },
);

const note = text(256, 'What it is for; names the new cluster when the cluster gives no name');
const voucher = {
  id,
  note,
  state: Type.Enum(['open', 'used', 'revoked', 'expired'], { description: 'What became of it' }),
  createdBy: Type.String({ description: 'Who made it' }),
  createdAt: Instant('When'),
  expiresAt: Instant('Until when it is good'),
  redeemedAt: nullable(Instant(''), 'When it was used'),
  cluster: nullable(
    strict({ id, name: Type.String({ description: 'What it is called' }) }),
    'The cluster that it made, or is meant for; null: none yet',
  ),
};
const voucherExample = {
  id: '8f14e45f-ceea-467f-a0e6-4c3d1f8d5b21',
  note: 'Berlin',
  state: 'open' as const,
  createdBy: 'operator',
  createdAt: '2026-11-21T18:00:00.000Z',
  expiresAt: '2026-11-22T18:00:00.000Z',
  redeemedAt: null,
  cluster: null,
};
export const CloudVoucher = strict(voucher, {
  title: 'CloudVoucher',
  description: 'A voucher, without what makes it worth something',
  examples: [voucherExample],
});
export const CloudVouchers = strict(
  { items: Type.Array(CloudVoucher) },
  { title: 'CloudVouchers', description: 'The newest vouchers', examples: [{ items: [voucherExample] }] },
);
export const CloudVoucherQuery = strict({
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 500, description: 'How many to show at most. Default 100' }),
  ),
});
export const CloudVoucherPath = strict({ id });
export const NewCloudVoucher = strict(
  {
    note: Type.Optional(note),
    clusterId: Type.Optional(
      Type.String({
        format: 'uuid',
        description: 'An enrolled cluster that has lost its certificate; left out: a new cluster',
      }),
    ),
  },
  { title: 'NewCloudVoucher', description: 'A voucher to make', examples: [{ note: 'Berlin' }] },
);
export const MadeCloudVoucher = strict(
  {
    id,
    voucher: Type.String({ description: 'What to hand over. Shown this once: only a hash of it is kept' }),
    expiresAt: Instant('Until when it is good'),
  },
  {
    title: 'MadeCloudVoucher',
    description: 'A fresh voucher',
    examples: [{ id: voucherExample.id, voucher: 'fsv1.…', expiresAt: '2026-11-22T18:00:00.000Z' }],
  },
);
