import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type CSSProperties, useState } from 'react';
import type { AttemptView } from '../../contract/timeline.ts';
import { requestAt } from '../api/client.ts';
import { useLeaving } from '../api/leaving.ts';
import { useText } from '../i18n/use-text.ts';
import { Icon, type IconName } from './icon.tsx';
import { Loading } from './page.tsx';
import { ProblemNote } from './problem-note.tsx';
import { Status, type Tone } from './status.tsx';

type Step = AttemptView['steps'][number];

interface TimelineAnswer {
  readonly name: string | null;
  readonly mac: string | null;
  readonly attempts: readonly AttemptView[];
}

/** The story of one phone, asked for again every second and a half while something happens. */
export function useTimeline(path: string, query: Readonly<Record<string, string>> = {}) {
  const { language } = useText();
  const leaving = useLeaving();
  return useQuery({
    queryKey: ['timeline', path, query, language],
    queryFn: async ({ signal }) =>
      (await requestAt<TimelineAnswer>('GET', path, { query: { ...query, language }, signal })).body,
    refetchInterval: leaving ? false : 1_500,
  });
}

export function TimelineView({ path, query = {} }: { path: string; query?: Readonly<Record<string, string>> }) {
  const { t } = useText();
  const timeline = useTimeline(path, query);
  if (timeline.isPending) return <Loading />;
  if (timeline.isError && timeline.data === undefined) return <ProblemNote error={timeline.error} />;
  const attempts = [...(timeline.data?.attempts ?? [])].reverse();
  if (attempts.length === 0)
    return (
      <Text c="dimmed" size="sm">
        {t('timeline.nothing')}
      </Text>
    );
  return (
    <ol className="fr-attempts">
      {attempts.map((attempt, index) => (
        <Attempt
          key={`${attempt.kind}${attempt.startedAt}${attempt.mac ?? ''}`}
          attempt={attempt}
          open={index === 0 || attempt.kind === 'administration'}
        />
      ))}
    </ol>
  );
}

const outcomes: Readonly<Record<string, Tone>> = {
  registered: 'good',
  activated: 'good',
  proved: 'busy',
  failed: 'bad',
  'under-way': 'busy',
};

function Attempt({ attempt, open: first }: { attempt: AttemptView; open: boolean }) {
  const { t, lookup, formatExact } = useText();
  const [toggled, setToggled] = useState<boolean>();
  const open = toggled ?? first;
  if (attempt.kind === 'administration')
    return (
      <li className="fr-attempt fr-attempt-quiet">
        <Steps steps={attempt.steps} told={null} />
      </li>
    );
  const outcome = attempt.outcome ?? 'under-way';
  return (
    <li className="fr-attempt">
      <button type="button" className="fr-attempt-head" aria-expanded={open} onClick={() => setToggled(!open)}>
        <Icon name={open ? 'chevronDown' : 'chevronRight'} size={16} />
        <Status tone={outcomes[outcome] ?? 'quiet'}>{lookup('outcome', outcome)}</Status>
        <span className="fr-grow">{t('timeline.attemptAt', { when: formatExact(attempt.startedAt) })}</span>
        {attempt.mac !== null && <code className="fr-dim">{attempt.mac}</code>}
      </button>
      {attempt.cause !== null && (
        <div className="fr-cause">
          <strong>{attempt.cause}</strong>
          {attempt.remedy !== null && <span>{attempt.remedy}</span>}
        </div>
      )}
      {open && <Steps steps={attempt.steps} told={attempt.cause} />}
    </li>
  );
}

const signs: Readonly<Record<Step['result'], { icon: IconName; tone: Tone }>> = {
  ok: { icon: 'check', tone: 'good' },
  failed: { icon: 'close', tone: 'bad' },
  info: { icon: 'info', tone: 'quiet' },
};

/** `told`: the cause that stands above the steps already. */
function Steps({ steps, told }: { steps: readonly Step[]; told: string | null }) {
  const { t, lookup, formatTime, formatExact } = useText();
  return (
    <ol className="fr-steps">
      {steps.map((step, index) => {
        const sign = signs[step.result];
        return (
          <li
            key={`${step.at}${step.step}${step.result}`}
            className="fr-step"
            style={{ '--fr-order': index } as CSSProperties}
          >
            <span className={`fr-step-sign fr-${sign.tone}`}>
              <Icon name={sign.icon} size={13} />
            </span>
            <div className="fr-step-text">
              <span className="fr-step-title">
                {step.title}
                <span className="fr-visually-hidden">{` (${lookup('result', step.result)})`}</span>
              </span>
              <span>{step.text}</span>
              {step.cause !== null && step.cause !== told && (
                <span className={step.result === 'failed' ? 'fr-step-cause' : 'fr-dim'}>
                  {step.cause} {step.remedy}
                </span>
              )}
              <span className="fr-step-where">
                <time dateTime={step.at} title={formatExact(step.at)}>
                  {formatTime(step.at)}
                </time>
                {step.node !== '' && <span>{t('timeline.node', { node: step.node })}</span>}
                {step.sourceAddress !== '' && <span>{t('timeline.from', { address: step.sourceAddress })}</span>}
              </span>
            </div>
          </li>
        );
      })}
    </ol>
  );
}
