import Type from 'typebox';
import { name } from './common.ts';
import { resource } from './resource.ts';

export const phoneButtonTemplates = resource({
  title: 'PhoneButtonTemplate',
  description: 'What each button of a phone does',
  path: 'phone-button-templates',
  fields: {
    name: name(50, 'What the template is called'),
    model: Type.Union([name(32, 'Model, e.g. Cisco 8845'), Type.Null()], {
      description: 'Only for this model; null: for any',
    }),
    buttons: Type.Array(
      Type.Enum(['line', 'speed-dial', 'blf-speed-dial', 'privacy', 'service-url', 'none'], {
        description: 'What the button does',
      }),
      { minItems: 1, maxItems: 100, description: 'The buttons, in order; the first is a line' },
    ),
  },
  defaults: { model: null },
  example: { name: 'Two lines', model: 'Cisco 8845', buttons: ['line', 'line', 'speed-dial', 'speed-dial', 'none'] },
  sorts: ['name', 'model'],
  filters: { model: Type.Optional(Type.String({ maxLength: 32, description: 'Only templates of this model' })) },
});
