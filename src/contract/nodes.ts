import Type from 'typebox';
import { Instant, strict, text } from './common.ts';

const address = Type.String({
  minLength: 1,
  maxLength: 253,
  pattern: '^[A-Za-z0-9](?:[A-Za-z0-9.:-]*[A-Za-z0-9])?$',
  description: 'Host name or IP address where phones reach it',
});
const description = text(128, 'For people');

export const Node = strict(
  {
    name: Type.String({ description: 'What the node is called' }),
    address,
    description,
    publisher: Type.Boolean({ description: 'Whether it was the first node of the cluster' }),
    ports: Type.Record(Type.String(), Type.Integer(), { description: 'What it listens on' }),
    version: Type.String({ description: 'Version it runs' }),
    lastSeenAt: Type.Union([Instant('When it last said that it runs'), Type.Null()]),
    up: Type.Boolean({ description: 'Whether it was seen within the last ten seconds' }),
  },
  {
    title: 'Node',
    description: 'A server of the cluster',
    examples: [
      {
        name: 'node-a',
        address: '192.0.2.10',
        description: 'Data centre 1',
        publisher: true,
        ports: { https: 8443, das: 9446 },
        version: '0.1.0',
        lastSeenAt: '2026-11-21T18:00:00.000Z',
        up: true,
      },
    ],
  },
);
export const Nodes = strict({ items: Type.Array(Node) }, { title: 'Nodes', description: 'All nodes' });
export const NodeChange = strict(
  { address: Type.Optional(address), description: Type.Optional(description) },
  {
    title: 'NodeChange',
    description: 'What to change',
    minProperties: 1,
    examples: [{ description: 'Data centre 2' }],
  },
);
export const NodePath = strict({
  name: Type.String({ minLength: 1, maxLength: 253, description: 'Name of the node' }),
});
