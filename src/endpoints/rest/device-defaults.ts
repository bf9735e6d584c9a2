import {
  DeviceDefaultChange,
  DeviceDefaultChanges,
  DeviceDefaultList,
  DeviceDefaultParams,
  DeviceDefaultView,
} from '../../contract/device-defaults.ts';
import type { DeviceDefaultChange as Change, DeviceDefaultService } from '../../domain/devices/device-defaults.ts';
import { deviceProblems } from './device-problems.ts';
import { ok, type RestModule, route } from './route.ts';

const problems = [
  'model_not_supported',
  'device_pool_not_found',
  'phone_button_template_not_found',
  'button_template_mismatch',
  'load_name_invalid',
  'load_family_mismatch',
];

export function deviceDefaultModule(defaults: DeviceDefaultService): RestModule {
  return {
    tag: 'Device Defaults',
    description: 'Onboarding method, firmware, device pool and button template per model',
    problems: deviceProblems,
    routes: [
      route({
        method: 'GET',
        path: '/device-defaults',
        needs: ['settings.read', 'phones.read'],
        summary: 'List the Device Defaults',
        description: 'Of every supported model.',
        answers: { 200: DeviceDefaultList },
        handle: async () => ok({ items: await defaults.list() }),
      }),
      route({
        method: 'PUT',
        path: '/device-defaults',
        needs: ['settings.write'],
        summary: 'Change several Device Defaults',
        description: 'All of them, or none.',
        body: DeviceDefaultChanges,
        answers: { 200: DeviceDefaultList },
        problems: [...problems, 'version_conflict'],
        handle: async ({ body, caller }) => {
          const changed = await defaults.change(
            body.items.map(({ model, version, ...change }) => ({
              model,
              change: change as Change,
              ifVersion: version,
            })),
            caller.actor,
          );
          return ok({ items: changed.map(({ deviceDefault, notices }) => ({ ...deviceDefault, notices })) });
        },
      }),
      route({
        method: 'GET',
        path: '/device-defaults/{model}',
        needs: ['settings.read', 'phones.read'],
        summary: 'Show the Device Defaults of a model',
        description: 'The model as `Cisco 8845`, `CP-8845` or `8845`.',
        params: DeviceDefaultParams,
        answers: { 200: DeviceDefaultView },
        problems: ['model_not_supported'],
        handle: async ({ params }) => {
          const found = await defaults.find(params.model);
          return ok(found, { version: found.version });
        },
      }),
      route({
        method: 'PUT',
        path: '/device-defaults/{model}',
        needs: ['settings.write'],
        summary: 'Change the Device Defaults of a model',
        description:
          'Members left out stay as they are. Switching to AutoRegistration tells how many phones have records that must be deleted before they can auto-register.',
        params: DeviceDefaultParams,
        body: DeviceDefaultChange,
        answers: { 200: DeviceDefaultView },
        problems: [...problems, 'version_conflict'],
        versioned: true,
        handle: async ({ params, body, caller, ifMatch }) => {
          const [changed] = await defaults.change(
            [{ model: params.model, change: body as Change, ifVersion: ifMatch }],
            caller.actor,
          );
          const { deviceDefault, notices } = changed!;
          return ok({ ...deviceDefault, notices }, { version: deviceDefault.version });
        },
      }),
    ],
  };
}
