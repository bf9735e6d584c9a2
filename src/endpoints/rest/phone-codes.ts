import { ActivationCodeView, OutstandingPage, OutstandingQuery } from '../../contract/phone-codes.ts';
import { PhoneParams, PhoneView } from '../../contract/phones.ts';
import type { PhoneCodeService } from '../../domain/devices/phone-code-service.ts';
import type { OutstandingCodeStore } from '../../domain/devices/phone-list.ts';
import type { PhoneService } from '../../domain/devices/phone-service.ts';
import type { ExportedCode } from '../../domain/devices/ports.ts';
import { formatActivationCode } from '../../identifiers/activation-code.ts';
import { csvRecord } from '../../protocol/csv/write-csv.ts';
import { deviceProblems } from './device-problems.ts';
import { findOwn, findVisible, owns, readDeviceName } from './phone-access.ts';
import { presentCode, presentOutstanding, presentPhone } from './phone-views.ts';
import { created, noContent, ok, type RestModule, route, stream } from './route.ts';

export function phoneCodeModule(
  phones: PhoneService,
  codes: PhoneCodeService,
  outstanding: OutstandingCodeStore,
): RestModule {
  const path = '/phones/{name}/activation-code';
  return {
    tag: 'Activation codes',
    description: 'What a user enters on a phone before it registers',
    problems: deviceProblems,
    routes: [
      route({
        method: 'POST',
        path,
        needs: ['codes.manage', 'own-codes.reveal'],
        summary: 'Generate a new activation code',
        description:
          'One code per phone: while one is live, release it first. On a phone that is registered or was activated, this locks the phone until the code is entered. ' +
          'Callers who may not see codes get it masked. The owner of a phone may renew a code that ran out or was locked, a few times a day.',
        params: PhoneParams,
        answers: { 201: ActivationCodeView },
        problems: [
          'phone_not_found',
          'code_already_active',
          'version_conflict',
          'self_care_closed',
          'code_withheld',
          'renewal_not_due',
          'too_many_renewals',
        ],
        versioned: true,
        handle: async ({ params, caller, ifMatch }) => {
          const reveal = caller.can('codes.reveal');
          const made = caller.can('codes.manage')
            ? await codes.generate(readDeviceName(params.name), caller.actor, { reveal, ifVersion: ifMatch })
            : await codes.renewOwn((await findOwn(phones, params.name, caller)).name, caller.actor);
          return created(`/phones/${made.phone.name}/activation-code`, presentCode(made), {
            version: made.phone.version,
          });
        },
      }),
      route({
        method: 'GET',
        path,
        needs: ['phones.read', 'codes.reveal', 'own-codes.reveal'],
        summary: 'View the activation code',
        description:
          'Shown to callers who may see codes, and to the owner of the phone; the audit log keeps by whom. Others get it masked. ' +
          'From an owner whom somebody without that right chose, or whose password or e-mail address they set, it is withheld until somebody who may see codes confirms the owner.',
        params: PhoneParams,
        answers: { 200: ActivationCodeView },
        problems: ['phone_not_found', 'no_active_code', 'self_care_closed', 'code_withheld'],
        handle: async ({ params, caller }) => {
          const phone = await findVisible(phones, params.name, caller);
          if (caller.can('codes.reveal'))
            return ok(presentCode(await codes.view(phone.name, caller.actor, { reveal: true })));
          const reveal = caller.can('own-codes.reveal') && owns(caller, phone);
          const selfCare = !caller.can('phones.read');
          return ok(
            presentCode(await codes.view(phone.name, caller.actor, { reveal, selfCare, byOwner: caller.userId })),
          );
        },
      }),
      route({
        method: 'DELETE',
        path,
        needs: ['codes.manage'],
        summary: 'Release the activation code',
        description:
          'The code works no more. The phone still requires one: generate a new one, or set requiresActivationCode to false.',
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
        method: 'POST',
        path: '/phones/{name}/owner-confirmation',
        needs: ['codes.reveal'],
        summary: 'Confirm the owner',
        description:
          'The owner may see the activation codes of the phone: for a phone whose `codeWithheld` is true. Look at the owner and at the e-mail address first: both could have been set to get at the code.',
        params: PhoneParams,
        answers: { 200: PhoneView },
        problems: ['phone_not_found', 'no_owner_to_confirm', 'version_conflict'],
        versioned: true,
        handle: async ({ params, caller, ifMatch }) => {
          const phone = await codes.confirmOwner(readDeviceName(params.name), caller.actor, ifMatch);
          return ok(presentPhone(phone), phone);
        },
      }),
      route({
        method: 'GET',
        reads: 'long',
        path: '/activation-codes.csv',
        needs: ['codes.reveal'],
        summary: 'Export activation codes',
        description:
          'All codes that wait to be entered, with phones and users, as CSV. The audit log keeps who took which.',
        answers: { 200: 'text/csv' },
        handle: ({ caller }) =>
          stream('text/csv; charset=utf-8', codesCsv(codes.export(caller.actor)), { fileName: 'activation-codes.csv' }),
      }),
      route({
        method: 'GET',
        path: '/activation-codes',
        needs: ['phones.read', 'codes.manage'],
        summary: 'List outstanding activation codes',
        description:
          'Codes that wait to be entered, and those that ran out, with phone and owner; without their digits.',
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

/** Codes with their digits, as CSV. */
export async function* codesCsv(pages: AsyncIterable<readonly ExportedCode[]>): AsyncGenerator<string> {
  yield csvRecord(['Device Name', 'Description', 'Model', 'Owner User ID', 'Activation Code', 'Expires']);
  for await (const page of pages)
    for (const { deviceName, description, model, ownerUserId, code, expiresAt } of page)
      yield csvRecord([
        deviceName,
        description,
        model,
        ownerUserId ?? '',
        formatActivationCode(code),
        expiresAt.toISOString(),
      ]);
}
