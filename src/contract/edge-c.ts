import Type from 'typebox';
import { Instant, nullable, strict } from './common.ts';
import { Hindrance } from './edge-common.ts';

const edgeName = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$', description: 'Name of the Expressway-E' });

const accessControl = {
  authorizeByOauthTokenWithRefresh: Type.Boolean({ description: 'Authorize by OAuth token with refresh' }),
  allowActivationCodeOnboarding: Type.Boolean({
    description: 'Allow activation code onboarding: makes every Expressway-E ask phones for their certificate',
  }),
  domains: Type.Array(Type.String({ minLength: 1, maxLength: 254 }), {
    maxItems: 200,
    description: 'Domains this edge answers for; empty: every service domain of the clusters',
  }),
};
const accessExample = {
  authorizeByOauthTokenWithRefresh: true,
  allowActivationCodeOnboarding: true,
  domains: ['mra.example.org'],
};

export const AccessControl = strict(accessControl, {
  title: 'MraAccessControl',
  description: 'MRA access control, and the domains of this edge',
  examples: [accessExample],
});

export const EdgeOfC = strict(
  {
    name: edgeName,
    address: Type.String({ description: 'Where its tunnel is' }),
    tunnels: Type.Integer({ description: 'Connections to it now' }),
    problem: nullable(Type.String(), 'Why there is none; null: there is'),
    inForce: Type.Boolean({ description: 'Whether the settings as they are now hold there' }),
    host: nullable(Type.String(), 'What phones know it by'),
    httpsPort: nullable(Type.Integer(), 'Where phones reach it'),
    sipPort: nullable(Type.Integer(), 'Where phones reach it for SIP'),
    version: nullable(Type.String(), 'Version of its software'),
    warnings: Type.Array(Type.String(), { description: 'What is wrong with its certificate' }),
    phoneConnections: nullable(Type.Integer(), 'HTTPS connections of phones'),
    sipFlows: nullable(Type.Integer(), 'SIP connections of phones'),
  },
  { title: 'PairedExpresswayE', description: 'An Expressway-E this Expressway-C was paired with', examples: [] },
);

export const ClusterOfC = strict(
  {
    id: Type.String({ description: 'Id of the cluster' }),
    address: Type.String({ description: 'Address it was added by' }),
    problem: nullable(Type.String(), 'Why it cannot be reached; null: it can'),
    lastSeen: nullable(Instant('When it last answered'), 'null: not since the start'),
    version: nullable(Type.String(), 'Version of its software'),
    activationDomain: nullable(Type.String(), 'MRA activation domain'),
    serviceDomains: Type.Array(Type.String(), { description: 'MRA service domains' }),
    mraActivationEnabled: nullable(Type.Boolean(), 'Whether MRA activation and OAuth are on there'),
    nodes: Type.Array(
      strict({
        name: Type.String({ description: 'Name of the node' }),
        host: Type.String({ description: 'Its address' }),
        edgeAccess: Type.Integer({ description: 'Port for requests of Expressway-C' }),
        sipOauthMra: Type.Integer({ description: 'Port for SIP of phones over MRA' }),
        services: Type.Array(Type.String(), { description: 'Activated services' }),
      }),
      { description: 'Unified CM servers' },
    ),
  },
  { title: 'ClusterOfExpresswayC', description: 'A Unified CM cluster behind this edge', examples: [] },
);

export const EdgeCStatus = strict(
  {
    name: Type.String({ description: 'Name of this Expressway-C' }),
    version: Type.String({ description: 'Version of the software' }),
    certificateSha256: Type.String({ description: 'SHA-256 of its certificate in hex: what clusters know it by' }),
    problems: Type.Array(Hindrance, { description: 'Why phones are not served; empty: they are' }),
    requests: Type.Integer({ description: 'Requests of phones since the start' }),
    refusedAssertions: Type.Integer({ description: 'Statements of Expressway-Es that were not believed' }),
    sipFlows: Type.Integer({ description: 'SIP connections of phones now' }),
    edges: Type.Array(EdgeOfC),
    clusters: Type.Array(ClusterOfC),
  },
  { title: 'ExpresswayCStatus', description: 'How this Expressway-C is doing', examples: [] },
);

export const NewPairing = strict(
  { pairingText: Type.String({ minLength: 1, maxLength: 4096, description: 'What Expressway-E showed' }) },
  {
    title: 'NewPairing',
    description: 'Pairs with an Expressway-E',
    examples: [{ pairingText: 'FREDGE1.eyJuIjoiZTEi…' }],
  },
);

export const EdgeNameOfC = strict({ name: edgeName });

const url = Type.String({
  pattern: '^https://[A-Za-z0-9.:\\[\\]-]{1,260}/?$',
  maxLength: 280,
  description: 'HTTPS address of one node: https://ucm-a.example.org:8443',
});

export const ClusterLook = strict(
  { url },
  { title: 'ClusterLook', description: 'A node to look at', examples: [{ url: 'https://ucm-a.example.org:8443' }] },
);

export const ClusterAuthority = strict(
  {
    subject: Type.String({ description: 'Whose it is' }),
    sha256: Type.String({ description: 'SHA-256 in hex: compare it with the one the cluster’s own console shows' }),
    pem: Type.String({ description: 'The certificate' }),
  },
  { title: 'ClusterAuthority', description: 'The authority a node shows', examples: [] },
);

export const NewCluster = strict(
  {
    url,
    user: Type.String({ minLength: 1, maxLength: 128, description: 'An administrator of the cluster' }),
    password: Type.String({ minLength: 1, maxLength: 256, description: 'Used once and not kept' }),
    clusterCa: Type.String({ minLength: 1, maxLength: 20_000, description: 'PEM of the authority of the cluster' }),
  },
  {
    title: 'NewClusterOfExpresswayC',
    description: 'A cluster to serve',
    examples: [
      {
        url: 'https://ucm-a.example.org:8443',
        user: 'admin',
        password: 'of that user',
        clusterCa: '-----BEGIN CERTIFICATE-----\n…',
      },
    ],
  },
);

export const ClusterId = strict({
  id: Type.String({ minLength: 1, maxLength: 200, description: 'Id of the cluster' }),
});

export const ClusterRefreshed = strict(
  { answered: Type.Boolean({ description: 'Whether a node answered' }) },
  { title: 'ClusterRefreshed', description: 'Result of a refresh', examples: [{ answered: true }] },
);
