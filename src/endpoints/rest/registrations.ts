import { RegistrationListQuery, RegistrationPage } from '../../contract/registrations.ts';
import type { RegistrationListStore } from '../../domain/devices/phone-list.ts';
import { deviceProblems } from './device-problems.ts';
import { presentRegistration } from './phone-views.ts';
import { ok, type RestModule, route } from './route.ts';

export function registrationModule(registrations: RegistrationListStore): RestModule {
  return {
    tag: 'Registrations',
    description: 'Phones that are registered now',
    problems: deviceProblems,
    routes: [
      route({
        method: 'GET',
        path: '/registrations',
        needs: ['registrations.read', 'phones.read'],
        summary: 'List registrations',
        description: 'Of all nodes. A registration shows up within half a second.',
        query: RegistrationListQuery,
        answers: { 200: RegistrationPage },
        problems: ['invalid_cursor'],
        handle: async ({ query }) => {
          const page = await registrations.page(query);
          return ok({ ...page, items: page.items.map(presentRegistration) });
        },
      }),
    ],
  };
}
