import type { Static } from 'typebox';
import { TapsSessionPage, TapsSessionQuery, type TapsSessionView, TapsView } from '../../contract/taps.ts';
import { textsIn } from '../../domain/onboarding/languages.ts';
import type { OnboardingReason } from '../../domain/onboarding/steps.ts';
import type { TapsSession, TapsStore } from '../../domain/taps/ports.ts';
import { tapsLogText } from '../../domain/taps/taps-log.ts';
import { tapsProblems } from '../../domain/taps/taps-problems.ts';
import { utf8 } from '../../kernel/bytes.ts';
import { listRequest } from './resources.ts';
import { ok, type RestModule, route, stream } from './route.ts';
import { settingProblems } from './settings.ts';

/** Calls in the log file. */
const logged = 1000;

export function tapsModule(store: TapsStore): RestModule {
  return {
    tag: 'TAPS',
    description:
      'Tool for Auto-Registered Phones Support: the number people dial to get the phone that was prepared for them',
    problems: settingProblems,
    routes: [
      route({
        method: 'GET',
        path: '/taps',
        needs: ['system.read'],
        summary: 'Show TAPS',
        description:
          'How it is set up, where it runs, and why it does not work if it does not. Its settings are the service parameters of "TAPS Service".',
        answers: { 200: TapsView },
        async handle() {
          const [settings, counts] = await Promise.all([store.settings(), store.overview()]);
          return ok({
            directoryNumber: settings.directoryNumber === '' ? null : settings.directoryNumber,
            secured: settings.secured,
            locales: settings.languages,
            ports: settings.ports,
            ...counts,
            problems: tapsProblems(settings, counts),
          });
        },
      }),
      route({
        method: 'GET',
        path: '/taps/sessions',
        needs: ['system.read'],
        summary: 'List: call to TAPS',
        description: 'Latest first, unless asked otherwise.',
        query: TapsSessionQuery,
        answers: { 200: TapsSessionPage },
        problems: ['invalid_cursor'],
        async handle({ query }) {
          const { language, ...list } = query as Static<typeof TapsSessionQuery>;
          const page = await store.sessions(listRequest(list));
          return ok({ ...page, items: page.items.map((each) => show(each, language)) });
        },
      }),
      route({
        method: 'GET',
        reads: 'long',
        path: '/taps/log',
        needs: ['system.read'],
        summary: 'View TAPS Log File',
        description: `The last ${logged} calls as text, one a line, latest last.`,
        answers: { 200: 'text/plain; charset=utf-8' },
        async handle() {
          const text = tapsLogText(await store.log(logged));
          return stream('text/plain; charset=utf-8', once(utf8(text)), { fileName: 'taps.log' });
        },
      }),
    ],
  };
}

async function* once(octets: Uint8Array): AsyncIterable<Uint8Array> {
  yield octets;
}

function show(session: TapsSession, language: 'en' | 'zh-CN' | undefined): TapsSessionView {
  const words = session.reason === '' ? undefined : textsIn(language).reasons[session.reason as OnboardingReason];
  const given = (text: string) => (text === '' ? null : text);
  return {
    ...session,
    startedAt: session.startedAt.toISOString(),
    endedAt: session.endedAt?.toISOString() ?? null,
    directoryNumber: given(session.directoryNumber),
    preparedName: given(session.preparedName),
    language: given(session.language),
    reason: given(session.reason),
    cause: words?.cause ?? null,
    remedy: words?.remedy ?? null,
  };
}
