import { ActivationCodeView, OutstandingPage, OutstandingQuery } from '../../contract/phone-codes.ts';
import { PhoneParams } from '../../contract/phones.ts';
import type { OutstandingCodeStore } from '../../domain/devices/phone-list.ts';
import type { PhoneCodeService } from '../../domain/devices/phone-code-service.ts';
import type { PhoneService } from '../../domain/devices/phone-service.ts';
import { deviceProblems } from './device-problems.ts';
import { findVisible, owns, readDeviceName } from './phone-access.ts';
import { presentCode, presentOutstanding } from './phone-views.ts';
import { created, noContent, ok, type RestModule, route } from './route.ts';

export function phoneCodeModule(phones: PhoneService, codes: PhoneCodeService, outstanding: OutstandingCodeStore): RestModule {
  const path = '/phones/{name}/activation-code';
  return {
    tag: 'Activation codes',
    description: 'What a user enters on a phone before it registers',
    problems: deviceProblems,
    routes: [
      route({
        method: 'POST',
        path,
        needs: ['codes.manage'],
        summary: 'Generate a new activation code',
        description:
          'One code per phone: while one is live, release it first. On a phone that is registered or was activated, this locks the phone until the code is entered. ' +
          'Callers who may not see codes get it masked.',
        params: PhoneParams,
        answers: { 201: ActivationCodeView },
        problems: ['phone_not_found', 'code_already_active', 'version_conflict'],
        versioned: true,
        handle: async ({ params, caller, ifMatch }) => {
          const name = readDeviceName(params.name);
          const made = await codes.generate(name, caller.actor, { reveal: caller.can('codes.reveal'), ifVersion: ifMatch });
          return created(`/phones/${made.phone.name}/activation-code`, presentCode(made), { version: made.phone.version });
        },
      }),
      route({
        method: 'GET',
        path,
        needs: ['phones.read', 'codes.reveal', 'own-codes.reveal'],
        summary: 'View the activation code',
        description: 'Shown to callers who may see codes, and to the owner of the phone; the audit log keeps by whom. Others get it masked.',
        params: PhoneParams,
        answers: { 200: ActivationCodeView },
        problems: ['phone_not_found', 'no_active_code'],
        handle: async ({ params, caller }) => {
          const phone = await findVisible(phones, params.name, caller);
          const reveal = caller.can('codes.reveal') || (caller.can('own-codes.reveal') && owns(caller, phone));
          return ok(presentCode(await codes.view(phone.name, caller.actor, { reveal })));
        },
      }),
      route({
        method: 'DELETE',
        path,
        needs: ['codes.manage'],
        summary: 'Release the activation code',
        description: 'The code works no more. The phone still requires one: generate a new one, or set requiresActivationCode to false.',
        params: PhoneParams,
        answers: { 204: null },
        problems: ['phone_not_found', 'no_active_code', 'version_conflict'],
        versioned: true,
        handle: async ({ params, caller, ifMatch }) => {
          await codes.release(readDeviceName(params.name), caller.actor, ifMatch);
          return noContent();
        },
      }),
      route({
        method: 'GET',
        path: '/activation-codes',
        needs: ['phones.read', 'codes.manage'],
        summary: 'List outstanding activation codes',
        description: 'Codes that wait to be entered, and those that ran out, with phone and owner; without their digits.',
        query: OutstandingQuery,
        answers: { 200: OutstandingPage },
        problems: ['invalid_cursor'],
        handle: async ({ query }) => {
          const page = await outstanding.page(query);
          return ok({ ...page, items: page.items.map(presentOutstanding) });
        },
      }),
    ],
  };
}
