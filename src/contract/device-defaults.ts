import Type, { type Static } from 'typebox';
import { name, strict, Version } from './common.ts';

const method = Type.Enum(['ActivationCode', 'AutoRegistration'], { description: '"On-Premise Onboarding Method"' });
const load = (what: string) =>
  Type.String({
    maxLength: 128,
    description: `${what}, without .loads; must be of the family of the model. Empty: the phone keeps what it runs`,
    examples: ['sip8845_65.14-2-1-0101-7'],
  });

export const DeviceDefaultView = strict(
  {
    model: Type.String({ description: 'Model' }),
    onPremiseOnboardingMethod: method,
    loadInformation: load('Firmware load of the active bank'),
    inactiveLoadInformation: load('Firmware load of the inactive bank'),
    devicePool: Type.String({ description: 'Device pool of new phones' }),
    phoneButtonTemplate: Type.String({ description: 'Phone button template of new phones' }),
    phones: Type.Integer({ description: 'Phones of the model there are' }),
    notices: Type.Optional(
      Type.Array(
        strict(
          {
            code: Type.String({ description: 'Stable name of the notice' }),
            message: Type.String({ description: 'In plain words' }),
          },
          { title: 'Notice', description: 'Something to know about a change that was made' },
        ),
        { description: 'What to know about the change that was just made' },
      ),
    ),
    version: Version,
  },
  { title: 'DeviceDefault', description: 'Device Defaults of one model' },
);
export type DeviceDefaultView = Static<typeof DeviceDefaultView>;

const change = {
  onPremiseOnboardingMethod: Type.Optional(method),
  loadInformation: Type.Optional(load('Firmware load of the active bank')),
  inactiveLoadInformation: Type.Optional(load('Firmware load of the inactive bank')),
  devicePool: Type.Optional(name(50, 'Device pool of new phones')),
  phoneButtonTemplate: Type.Optional(name(50, 'Phone button template of new phones; must fit the model')),
};

export const DeviceDefaultChange = strict(change, {
  title: 'DeviceDefaultChange',
  description: 'What shall be different; members left out stay as they are',
  minProperties: 1,
  examples: [{ onPremiseOnboardingMethod: 'ActivationCode' }],
});

export const DeviceDefaultChanges = strict(
  {
    items: Type.Array(
      strict(
        {
          model: Type.String({ minLength: 1, maxLength: 64, description: 'Model' }),
          ...change,
          version: Type.Optional({
            ...Version,
            description: 'The version that was read: with another one nothing is changed',
          }),
        },
        { title: 'DeviceDefaultItem', description: 'One model and what shall be different' },
      ),
      { minItems: 1, maxItems: 50, description: 'All are changed, or none' },
    ),
  },
  {
    title: 'DeviceDefaultChanges',
    description: 'Device Defaults of several models at once',
    examples: [{ items: [{ model: 'Cisco 8845', onPremiseOnboardingMethod: 'ActivationCode' }] }],
  },
);

export const DeviceDefaultList = strict(
  { items: Type.Array(DeviceDefaultView) },
  { title: 'DeviceDefaults', description: 'Device Defaults of every model' },
);

export const DeviceDefaultParams = strict({
  model: Type.String({ minLength: 1, maxLength: 64, description: 'Model', examples: ['Cisco 8845'] }),
});
