import {
  LabAction,
  LabCall,
  LabCodeEntry,
  LabNewsQuery,
  LabNewsView,
  LabPhoneParams,
  LabPhones,
  LabPhoneView,
  NewLabPhone,
} from '../../contract/lab.ts';
import type { LabFaultCode, PhoneLab } from '../../domain/lab/phone-lab.ts';
import type { ProblemTable } from './problem.ts';
import { created, noContent, ok, type RestModule, route } from './route.ts';

const problems = {
  lab_phone_not_found: { status: 404, title: 'There is no such phone in the lab' },
  lab_full: { status: 409, title: 'The lab is full' },
  lab_model_unknown: { status: 422, title: 'The lab has no phone of that model' },
  lab_mac_invalid: { status: 422, title: 'That is not the MAC address of a phone' },
  lab_mac_taken: { status: 409, title: 'A phone of the lab has that MAC address' },
  lab_no_code_asked: { status: 409, title: 'The phone does not ask for a code now' },
  lab_not_registered: { status: 409, title: 'The phone is not registered' },
  lab_no_outside: { status: 409, title: 'The lab has no outside' },
} satisfies ProblemTable<LabFaultCode>;

/** Whoever may add phones may rehearse with them: a phone of the lab can do no more than a real one. */
const needs = ['phones.write'] as const;

/** Only there with `--lab`. */
export function labModule(lab: PhoneLab): RestModule {
  return {
    tag: 'Phone lab',
    description:
      'Reference phones that run on this node and go through everything a real phone does; only with `--lab`',
    problems,
    routes: [
      route({
        method: 'GET',
        path: '/lab/phones',
        needs,
        summary: 'Watch the lab',
        description:
          'All phones and their latest steps, or with `since` only what is new. With `wait` the answer comes as soon as something happens. Phones are gone when the node stops.',
        query: LabNewsQuery,
        answers: { 200: LabNewsView },
        handle: async ({ query }) => ok(await lab.news(query.since, (query.wait ?? 0) * 1000)),
      }),
      route({
        method: 'POST',
        path: '/lab/phones',
        needs,
        summary: 'Unpack phones',
        description: 'Makes phones with certificates of the laboratory manufacturer, and plugs them in.',
        body: NewLabPhone,
        answers: { 201: LabPhones },
        problems: ['lab_full', 'lab_model_unknown', 'lab_mac_invalid', 'lab_mac_taken', 'lab_no_outside'],
        handle: async ({ body }) => {
          const items = await lab.add({ ...body, count: body.count ?? 1, plugIn: body.plugIn ?? true });
          return created('/lab/phones', { items });
        },
      }),
      route({
        method: 'POST',
        path: '/lab/phones/{id}/actions',
        needs,
        summary: 'Plug in, unplug, restart, reset, carry or hang up a phone',
        description: 'What a hand does to the phone.',
        params: LabPhoneParams,
        body: LabAction,
        answers: { 200: LabPhoneView },
        problems: ['lab_phone_not_found', 'lab_no_outside'],
        handle: async ({ params, body }) => ok(await act(lab, params.id, body.action)),
      }),
      route({
        method: 'POST',
        path: '/lab/phones/{id}/code',
        needs,
        summary: 'Enter an activation code on a phone',
        description: 'The phone must be asking for it. What comes of it shows on its screen and in its steps.',
        params: LabPhoneParams,
        body: LabCodeEntry,
        answers: { 200: LabPhoneView },
        problems: ['lab_phone_not_found', 'lab_no_code_asked'],
        handle: async ({ params, body }) => ok(await lab.enterCode(params.id, body.text)),
      }),
      route({
        method: 'POST',
        path: '/lab/phones/{id}/calls',
        needs,
        summary: 'Place a call from a phone',
        description: 'A phone of the lab that is called rings for some seconds and answers by itself.',
        params: LabPhoneParams,
        body: LabCall,
        answers: { 200: LabPhoneView },
        problems: ['lab_phone_not_found', 'lab_not_registered'],
        handle: async ({ params, body }) => ok(await lab.call(params.id, body.number)),
      }),
      route({
        method: 'DELETE',
        path: '/lab/phones/{id}',
        needs,
        summary: 'Take a phone away',
        description: 'Unregisters it first. Its record in the system stays.',
        params: LabPhoneParams,
        answers: { 204: null },
        problems: ['lab_phone_not_found'],
        handle: async ({ params }) => {
          await lab.remove(params.id);
          return noContent();
        },
      }),
    ],
  };
}

function act(lab: PhoneLab, id: string, action: string) {
  switch (action) {
    case 'plug-in':
      return lab.plugIn(id);
    case 'unplug':
      return lab.unplug(id);
    case 'restart':
      return lab.restart(id);
    case 'hang-up':
      return lab.hangUp(id);
    case 'take-home':
    case 'bring-in':
      return lab.place(id, action === 'take-home');
    default:
      return lab.factoryReset(id);
  }
}
