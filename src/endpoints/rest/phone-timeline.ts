import { PhoneParams } from '../../contract/phones.ts';
import {
  OnboardingSummaryView,
  Strangers,
  SummaryQuery,
  TimelineByMacQuery,
  TimelineQuery,
  TimelineView,
} from '../../contract/timeline.ts';
import { DeviceFault } from '../../domain/devices/faults.ts';
import { readMac } from '../../domain/devices/naming.ts';
import type { PhoneService } from '../../domain/devices/phone-service.ts';
import { textsIn } from '../../domain/onboarding/languages.ts';
import type { TimelineService } from '../../domain/onboarding/timeline-service.ts';
import { macOf, parseDeviceName, sepName } from '../../identifiers/device-name.ts';
import { deviceProblems } from './device-problems.ts';
import { findVisible } from './phone-access.ts';
import { presentAttempt, presentSummary } from './phone-views.ts';
import { ok, type RestModule, route } from './route.ts';

export function phoneTimelineModule(phones: PhoneService, timeline: TimelineService): RestModule {
  return {
    tag: 'Timeline',
    description: 'What a phone went through, step by step, in plain words',
    problems: deviceProblems,
    routes: [
      route({
        method: 'GET',
        path: '/phones/{name}/timeline',
        needs: ['phones.read', 'own-phones.read'],
        summary: 'Show the story of a phone',
        description:
          'Every attempt with its steps, what failed and what to do. SEP names without a record are answered by their MAC address.',
        params: PhoneParams,
        query: TimelineQuery,
        answers: { 200: TimelineView },
        problems: ['phone_not_found'],
        handle: async ({ params, query, caller }) => {
          const texts = textsIn(query.language);
          const name = parseDeviceName(params.name);
          const mac = name === undefined ? undefined : macOf(name);
          try {
            const phone = await findVisible(phones, params.name, caller);
            const attempts = await timeline.ofPhone(phone, texts);
            return ok({ name: phone.name, mac: macOf(phone.name) ?? null, attempts: attempts.map(presentAttempt) });
          } catch (error) {
            const unknown = error instanceof DeviceFault && error.code === 'phone_not_found';
            if (!unknown || mac === undefined || !caller.can('phones.read')) throw error;
            const attempts = await timeline.ofMac(mac, texts);
            if (attempts.length === 0) throw error;
            return ok({ name: null, mac, attempts: attempts.map(presentAttempt) });
          }
        },
      }),
      route({
        method: 'GET',
        path: '/timeline',
        needs: ['phones.read'],
        summary: 'Show the story of a MAC address',
        description: 'Also for phones that match no record.',
        query: TimelineByMacQuery,
        answers: { 200: TimelineView },
        problems: ['mac_invalid'],
        handle: async ({ query }) => {
          const texts = textsIn(query.language);
          const mac = readMac(query.mac)!;
          const phone = await phones.find(sepName(mac)).catch((error: unknown) => {
            if (error instanceof DeviceFault && error.code === 'phone_not_found') return undefined;
            throw error;
          });
          const attempts =
            phone === undefined ? await timeline.ofMac(mac, texts) : await timeline.ofPhone(phone, texts);
          return ok({ name: phone?.name ?? null, mac, attempts: attempts.map(presentAttempt) });
        },
      }),
      route({
        method: 'GET',
        reads: 'long',
        path: '/onboarding/summary',
        needs: ['phones.read'],
        summary: 'Show how the onboarding of all phones goes',
        description:
          'How many phones stand where, what stopped them, and the latest steps. Looks at the latest 200,000 steps at most. May be asked every few seconds.',
        query: SummaryQuery,
        answers: { 200: OnboardingSummaryView },
        handle: async ({ query }) =>
          ok(presentSummary(await timeline.summary(query.hours ?? 24, textsIn(query.language)))),
      }),
      route({
        method: 'GET',
        reads: 'long',
        path: '/timeline/strangers',
        needs: ['phones.read'],
        summary: 'List phones that match no record',
        description: 'MAC addresses seen lately without a record, with the last thing they did.',
        answers: { 200: Strangers },
        handle: async () =>
          ok({
            items: (await timeline.strangers(100)).map((each) => ({
              ...each,
              model: each.model ?? null,
              lastReason: each.lastReason === '' ? null : each.lastReason,
              lastSeenAt: each.lastSeenAt.toISOString(),
            })),
          }),
      }),
    ],
  };
}
