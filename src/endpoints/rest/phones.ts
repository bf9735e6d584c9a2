import { NewPhone, NewPhoneFromTemplate, PhoneChange } from '../../contract/phone-requests.ts';
import {
  ControlAnswer,
  PhoneListQuery,
  PhoneModels,
  PhonePage,
  PhoneParams,
  PhoneRemoval,
  PhoneView,
} from '../../contract/phones.ts';
import type { AddPhone } from '../../domain/devices/add-phone.ts';
import type { ChangePhone } from '../../domain/devices/change-phone.ts';
import { requireModel } from '../../domain/devices/naming.ts';
import type { PhoneListStore } from '../../domain/devices/phone-list.ts';
import type { PhoneService } from '../../domain/devices/phone-service.ts';
import type { FromTemplate } from '../../domain/devices/phone-template.ts';
import { phoneModels } from '../../identifiers/phone-model.ts';
import { deviceProblems } from './device-problems.ts';
import { findVisible, readDeviceName } from './phone-access.ts';
import { presentPhone } from './phone-views.ts';
import { created, noContent, ok, type RestModule, route } from './route.ts';

const fieldProblems = [
  'model_not_supported',
  'mac_invalid',
  'device_exists',
  'user_not_found',
  'device_pool_not_found',
  'phone_button_template_not_found',
  'button_template_mismatch',
  'phone_security_profile_not_found',
  'sip_profile_not_found',
  'common_phone_profile_not_found',
  'partition_not_found',
  'directory_number_invalid',
  'line_duplicate',
  'too_many_lines',
  'busy_trigger_too_high',
  'mra_needs_activation_code',
];

export function phoneModule(phones: PhoneService, list: PhoneListStore): RestModule {
  const change = (method: 'PUT' | 'PATCH') =>
    route({
      method,
      path: '/phones/{name}',
      needs: ['phones.write'],
      summary: 'Change a phone',
      description:
        'Members left out stay as they are. Typing a MAC address makes BAT to SEP, clearing it makes SEP to BAT. Ticking requiresActivationCode makes a code ' +
        'and locks the phone: its registration ends now. The answer carries the name the phone has now.',
      params: PhoneParams,
      body: PhoneChange,
      answers: { 200: PhoneView },
      problems: ['phone_not_found', 'model_fixed', 'version_conflict', ...fieldProblems],
      versioned: true,
      handle: async ({ params, body, caller, ifMatch }) => {
        const phone = await phones.change(readDeviceName(params.name), body as ChangePhone, caller.actor, ifMatch);
        return ok(presentPhone(phone), { version: phone.version });
      },
    });
  const control = (action: 'reset' | 'restart') =>
    route({
      method: 'POST',
      path: `/phones/{name}/${action}`,
      needs: ['phones.write'],
      summary: action === 'reset' ? 'Reset a phone' : 'Restart a phone',
      description:
        action === 'reset' ? 'The phone boots anew.' : 'The phone reads its configuration again and registers again.',
      params: PhoneParams,
      answers: { 200: ControlAnswer },
      problems: ['phone_not_found'],
      handle: async ({ params, caller }) => {
        const phone = await phones.control(readDeviceName(params.name), action, caller.actor);
        return ok({ name: phone.name, action, registered: phone.registration !== undefined });
      },
    });
  return {
    tag: 'Phones',
    description: 'Phones and what they are made of',
    problems: deviceProblems,
    routes: [
      route({
        method: 'GET',
        path: '/phone-models',
        needs: ['phones.read', 'settings.read'],
        summary: 'List the supported models',
        description: 'The models that can be onboarded by activation code.',
        answers: { 200: PhoneModels },
        handle: () =>
          ok({
            items: phoneModels.map(({ name, product, typeId, loadFamily, lines, camera }) => ({
              model: name,
              product,
              typeId,
              loadFamily,
              lineKeys: lines,
              camera,
            })),
          }),
      }),
      route({
        method: 'GET',
        path: '/phones',
        needs: ['phones.read', 'own-phones.read'],
        summary: 'List phones',
        description: 'Searches names, descriptions, owners and directory numbers. End users see their own phones.',
        query: PhoneListQuery,
        answers: { 200: PhonePage },
        problems: ['invalid_cursor', 'model_not_supported'],
        handle: async ({ query, caller }) => {
          const model = query.model === undefined ? {} : { model: requireModel(query.model).name };
          const page = await list.page({
            ...query,
            ...model,
            ...(caller.can('phones.read') ? {} : { onlyOwnerId: caller.userUuid }),
          });
          return ok({ ...page, items: page.items.map(presentPhone) });
        },
      }),
      route({
        method: 'POST',
        path: '/phones',
        needs: ['phones.write'],
        summary: 'Add a phone',
        description:
          'What is left out comes from the Device Defaults of the model. With requiresActivationCode a code is made with it: GET /phones/{name}/activation-code shows it.',
        body: NewPhone,
        answers: { 201: PhoneView },
        problems: fieldProblems,
        handle: async ({ body, caller }) => {
          const phone = await phones.add(body as AddPhone, caller.actor);
          return created(`/phones/${phone.name}`, presentPhone(phone), { version: phone.version });
        },
      }),
      route({
        method: 'POST',
        path: '/phones/from-template',
        needs: ['phones.write'],
        summary: 'Add a phone from templates',
        description:
          'Add New From Template: a Universal Device Template for the phone, a Universal Line Template for lines that are new.',
        body: NewPhoneFromTemplate,
        answers: { 201: PhoneView },
        problems: ['device_template_not_found', 'line_template_not_found', ...fieldProblems],
        handle: async ({ body, caller }) => {
          const phone = await phones.addFromTemplate(body as FromTemplate, caller.actor);
          return created(`/phones/${phone.name}`, presentPhone(phone), { version: phone.version });
        },
      }),
      route({
        method: 'GET',
        path: '/phones/{name}',
        needs: ['phones.read', 'own-phones.read'],
        summary: 'Show a phone',
        description: 'When the phone was renamed, the problem says what it is called today.',
        params: PhoneParams,
        answers: { 200: PhoneView },
        problems: ['phone_not_found'],
        handle: async ({ params, caller }) => {
          const phone = await findVisible(phones, params.name, caller);
          return ok(presentPhone(phone), { version: phone.version });
        },
      }),
      change('PUT'),
      change('PATCH'),
      route({
        method: 'DELETE',
        path: '/phones/{name}',
        needs: ['phones.write'],
        summary: 'Delete a phone',
        description:
          'Its code is released and its registration ends. Its lines stay, unless asked otherwise. A phone that shall onboard again by auto-registration needs this first.',
        params: PhoneParams,
        query: PhoneRemoval,
        answers: { 204: null },
        problems: ['phone_not_found', 'version_conflict'],
        versioned: true,
        handle: async ({ params, query, caller, ifMatch }) => {
          await phones.remove(readDeviceName(params.name), caller.actor, {
            removeUnusedLines: query.removeUnusedLines,
            ifVersion: ifMatch,
          });
          return noContent();
        },
      }),
      route({
        method: 'POST',
        path: '/phones/{name}/replace',
        needs: ['phones.write'],
        summary: 'Replace a broken phone',
        description:
          'Clears the MAC address and requires a code: any phone of the model can be activated in its place. Lines, owner and settings stay.',
        params: PhoneParams,
        answers: { 200: PhoneView },
        problems: ['phone_not_found', 'version_conflict'],
        versioned: true,
        handle: async ({ params, caller, ifMatch }) => {
          const phone = await phones.replace(readDeviceName(params.name), caller.actor, ifMatch);
          return ok(presentPhone(phone), { version: phone.version });
        },
      }),
      control('reset'),
      control('restart'),
    ],
  };
}
