import Type from 'typebox';
import { Instant, strict } from './common.ts';

export const NodeService = strict(
  {
    name: Type.String({ description: 'What the service is called' }),
    group: Type.String({ description: 'Heading it stands under' }),
    description: Type.String({ description: 'What it does' }),
    activated: Type.Boolean({ description: 'Whether it runs on this node' }),
    changedAt: Type.Union([Instant('When it was last switched'), Type.Null()]),
    needs: Type.Array(Type.String(), { description: 'Services it cannot run without on the same node' }),
    missingForMra: Type.Array(Type.String(), {
      description: 'Services that should run on this node too, for onboarding over MRA',
    }),
  },
  {
    title: 'NodeService',
    description: 'A service on a node',
    examples: [
      {
        name: 'Device Activation Service',
        group: 'CM Services',
        description: 'Lets a phone in with its activation code and its manufacturing certificate.',
        activated: true,
        changedAt: null,
        needs: [],
        missingForMra: [],
      },
    ],
  },
);
export const NodeServices = strict(
  { items: Type.Array(NodeService) },
  { title: 'NodeServices', description: 'All services of a node' },
);
export const NodeServicePath = strict({
  name: Type.String({ minLength: 1, maxLength: 253, description: 'Name of the node' }),
  service: Type.String({ minLength: 1, maxLength: 64, description: 'Name of the service' }),
});
export const NodeServiceSwitch = strict(
  { activated: Type.Boolean({ description: 'On or off; takes effect at once' }) },
  { title: 'NodeServiceSwitch', description: 'Service Activation', examples: [{ activated: false }] },
);
