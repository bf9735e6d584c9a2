import Type from 'typebox';
import { strict } from './common.ts';
import { ParameterSetting, parameterFields } from './service-parameters.ts';

export const EnterpriseParameter = strict(parameterFields, {
  title: 'EnterpriseParameter',
  description: 'A parameter that holds for the whole enterprise',
  examples: [
    {
      name: 'Show Phones Ready to Activate',
      group: 'Self Care Portal',
      help: 'Whether people see their own phones that wait for a code.',
      type: { kind: 'boolean' },
      defaultValue: 'true',
      value: 'true',
      isDefault: true,
      version: 2610714183374125,
    },
  ],
});
export const EnterpriseParameters = strict(
  { items: Type.Array(EnterpriseParameter) },
  { title: 'EnterpriseParameters', description: 'All enterprise parameters' },
);
export const EnterpriseParameterPath = strict({ name: Type.String({ maxLength: 128, description: 'The parameter' }) });
export const EnterpriseParameterSetting = strict(
  { value: ParameterSetting },
  { title: 'EnterpriseParameterSetting', description: 'A new value', examples: [{ value: false }, { value: null }] },
);
