import Type from 'typebox';
import { Instant, name, strict } from './common.ts';

const expressway = {
  id: Type.String({ description: 'Identity' }),
  name: name(64, 'What the Expressway-C is called'),
  sha256: Type.String({ description: 'SHA-256 of its client certificate, in hex: what the nodes know it by' }),
  subject: Type.String({ description: 'Subject of its certificate' }),
  notAfter: Instant('When its certificate says it ends'),
  createdBy: Type.String({ description: 'Who added it' }),
  createdAt: Instant('Since when'),
};
const example = {
  id: '0b8f5f2e-3b7a-4d53-9c0e-5b1f0c2d4e6f',
  name: 'expressway-c-1',
  sha256: '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae',
  subject: 'CN=expressway-c-1',
  notAfter: '2036-11-21T18:00:00.000Z',
  createdBy: 'admin',
  createdAt: '2026-11-21T18:00:00.000Z',
};

export const Expressway = strict(expressway, {
  title: 'Expressway',
  description: 'An Expressway-C that may speak for phones outside',
  examples: [example],
});

export const Expressways = strict(
  { items: Type.Array(Expressway) },
  { title: 'Expressways', description: 'Every Expressway-C of the cluster', examples: [{ items: [example] }] },
);

export const NewExpressway = strict(
  {
    name: name(64, 'What to call it'),
    certificate: Type.String({
      minLength: 1,
      maxLength: 16_384,
      description: 'Its client certificate as PEM. It need not be signed by anyone in particular',
    }),
  },
  {
    title: 'NewExpressway',
    description: 'An Expressway-C to take phones from',
    examples: [
      { name: 'expressway-c-1', certificate: '-----BEGIN CERTIFICATE-----\nMIIB…\n-----END CERTIFICATE-----\n' },
    ],
  },
);

export const EnrolledExpressway = strict(
  {
    ...expressway,
    clusterCa: Type.String({ description: 'PEM of the CA that the nodes’ server certificates chain to' }),
    edgeAccess: Type.Array(
      strict({
        node: Type.String({ description: 'Name of the node' }),
        host: Type.String({ description: 'Its address' }),
        port: Type.Integer({ description: 'Where it listens for Expressway-Cs: TLS 1.3, HTTP/2' }),
      }),
      { description: 'Where to reach the nodes from now on' },
    ),
  },
  {
    title: 'EnrolledExpressway',
    description: 'An Expressway-C that was added, and what it needs to know of the cluster',
    examples: [
      {
        ...example,
        clusterCa: '-----BEGIN CERTIFICATE-----\nMIIB…\n-----END CERTIFICATE-----\n',
        edgeAccess: [{ node: 'node-a', host: '192.0.2.10', port: 8444 }],
      },
    ],
  },
);

export const ExpresswayPath = strict({
  id: Type.String({ format: 'uuid', description: 'Identity of the Expressway-C' }),
});
