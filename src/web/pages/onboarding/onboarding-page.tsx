import '../../styles/onboarding.css';
import { Anchor, SegmentedControl, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { CSSProperties } from 'react';
import { Link } from 'react-router';
import type { OnboardingSummaryView } from '../../../contract/timeline.ts';
import { request } from '../../api/client.ts';
import { Icon, type IconName } from '../../components/icon.tsx';
import { Loading, Page, Panel } from '../../components/page.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import type { Tone } from '../../components/status.tsx';
import { useUrlState } from '../../components/use-url-state.ts';
import { useText } from '../../i18n/use-text.ts';

/** The front page: what is going on right now, how far phones get, and what keeps them out. Asks again every two seconds. */
export function OnboardingPage() {
  const { t, language } = useText();
  const [read, write] = useUrlState();
  const hours = read('hours') ?? '24';
  const summary = useQuery({
    queryKey: ['onboarding', hours, language],
    refetchInterval: 2_000,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) =>
      (await request('GET /onboarding/summary', { query: { hours, language }, signal })).body,
  });
  return (
    <Page
      title={t('onboarding.title')}
      lead={t('onboarding.lead')}
      actions={
        <SegmentedControl
          aria-label={t('onboarding.window')}
          value={hours}
          onChange={(next) => write({ hours: next === '24' ? undefined : next })}
          data={[
            { value: '1', label: t('onboarding.hour') },
            { value: '24', label: t('onboarding.hours24') },
            { value: '168', label: t('onboarding.week') },
          ]}
        />
      }
    >
      {summary.data === undefined ? (
        summary.isError ? (
          <ProblemNote error={summary.error} onRetry={() => void summary.refetch()} />
        ) : (
          <Loading />
        )
      ) : (
        <>
          <Tiles numbers={summary.data.numbers} />
          <div className="fr-columns">
            <Failures failures={summary.data.failures} />
            <Panel title={t('onboarding.funnel')}>
              <Funnel steps={summary.data.funnel} />
            </Panel>
          </div>
          <Newest steps={summary.data.newest} />
        </>
      )}
    </Page>
  );
}

function Tiles({ numbers }: { numbers: OnboardingSummaryView['numbers'] }) {
  const { t, formatNumber } = useText();
  const tiles: readonly { tone: Tone; icon: IconName; title: string; text: string; count: number; to?: string }[] = [
    {
      tone: 'warn',
      icon: 'clock',
      title: t('onboarding.waiting'),
      text: t('onboarding.waitingText'),
      count: numbers.waiting,
      to: '/device/phones?codeState=active',
    },
    {
      tone: 'busy',
      icon: 'activity',
      title: t('onboarding.inProgress'),
      text: t('onboarding.inProgressText'),
      count: numbers.underWay,
    },
    { tone: 'bad', icon: 'alert', title: t('onboarding.stuck'), text: t('onboarding.stuckText'), count: numbers.stuck },
    {
      tone: 'good',
      icon: 'check',
      title: t('onboarding.done'),
      text: t('onboarding.doneText'),
      count: numbers.activated,
    },
    {
      tone: 'quiet',
      icon: 'phone',
      title: t('onboarding.registered'),
      text: t('onboarding.registeredText'),
      count: numbers.registered,
      to: '/device/registrations',
    },
  ];
  const inside = (tile: (typeof tiles)[number]) => (
    <>
      <span>
        <span className={`fr-status fr-${tile.tone}`}>
          <Icon name={tile.icon} size={14} />
          {tile.title}
        </span>
      </span>
      <span className="fr-tile-number">{formatNumber(tile.count)}</span>
      <span className="fr-tile-text">{tile.text}</span>
    </>
  );
  return (
    <div className="fr-tiles">
      {tiles.map((tile) =>
        tile.to === undefined ? (
          <div key={tile.title} className="fr-tile">
            {inside(tile)}
          </div>
        ) : (
          <Link key={tile.title} to={tile.to} className="fr-tile">
            {inside(tile)}
          </Link>
        ),
      )}
      {numbers.withoutCode > 0 && (
        <Link to="/device/phones?codeState=expired" className="fr-tile-note">
          <Icon name="alert" size={16} />
          {t('onboarding.withoutCode', { count: numbers.withoutCode })}
        </Link>
      )}
    </div>
  );
}

function Funnel({ steps }: { steps: OnboardingSummaryView['funnel'] }) {
  const { t, formatNumber, language } = useText();
  const most = Math.max(0, ...steps.map((each) => each.phones));
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 });
  if (most === 0)
    return (
      <Text size="sm" c="dimmed">
        {t('onboarding.nothing')}
      </Text>
    );
  return (
    <>
      <Text size="sm" c="dimmed" mb="sm">
        {t('onboarding.funnelLead')}
      </Text>
      <ol className="fr-funnel">
        {steps.map((each) => (
          <li key={each.step} className="fr-funnel-row">
            <span>{each.title}</span>
            <span className="fr-bar" aria-hidden="true">
              <span style={{ '--fr-share': `${(100 * each.phones) / most}%` } as CSSProperties} />
            </span>
            <span className="fr-number">
              {t('onboarding.share', {
                count: each.phones,
                shown: formatNumber(each.phones),
                share: percent.format(each.phones / most),
              })}
            </span>
          </li>
        ))}
      </ol>
    </>
  );
}

function Failures({ failures }: { failures: OnboardingSummaryView['failures'] }) {
  const { t, formatRelative } = useText();
  return (
    <Panel title={t('onboarding.reasons')}>
      {failures.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('onboarding.noFailures')}
        </Text>
      ) : (
        <ul className="fr-reasons">
          {failures.map((each) => (
            <li key={each.reason}>
              <strong>{each.cause}</strong>
              <span>{each.remedy}</span>
              <span className="fr-chips">
                <span className="fr-status fr-bad">{t('onboarding.phones', { count: each.phones })}</span>
                <span className="fr-dim">{t('onboarding.lastAt', { when: formatRelative(each.lastAt) })}</span>
                {each.examples.map((phone) => (
                  <PhoneLink key={phone.mac} name={phone.deviceName} mac={phone.mac} />
                ))}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function PhoneLink({ name, mac }: { name: string | null; mac: string | null }) {
  if (name !== null)
    return (
      <Anchor component={Link} to={`/device/phones/${name}`} ff="monospace" size="sm">
        {name}
      </Anchor>
    );
  if (mac === null) return null;
  return (
    <Anchor component={Link} to={`/onboarding/strangers/${mac}`} ff="monospace" size="sm">
      {mac}
    </Anchor>
  );
}

const signs = { ok: ['check', 'good'], failed: ['close', 'bad'], info: ['info', 'quiet'] } as const;

function Newest({ steps }: { steps: OnboardingSummaryView['newest'] }) {
  const { t, lookup, formatTime, formatExact } = useText();
  return (
    <Panel title={t('onboarding.live')}>
      {steps.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('onboarding.nothing')}
        </Text>
      ) : (
        <ol className="fr-live">
          {steps.map((step, index) => {
            const [icon, tone] = signs[step.result];
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: two steps may be alike to the millisecond
              <li key={`${step.at}${step.step}${step.mac ?? step.deviceName ?? ''}${index}`}>
                <span className={`fr-step-sign fr-${tone}`}>
                  <Icon name={icon} size={13} />
                </span>
                <span className="fr-step-text">
                  <span className="fr-chips">
                    <strong>{step.title}</strong>
                    <span className="fr-visually-hidden">{`(${lookup('result', step.result)})`}</span>
                    <PhoneLink name={step.deviceName} mac={step.mac} />
                    {step.model !== null && <span className="fr-dim">{step.model}</span>}
                  </span>
                  <span className={step.result === 'failed' ? 'fr-step-cause' : 'fr-dim'}>
                    {step.cause ?? step.text}
                  </span>
                </span>
                <time dateTime={step.at} title={formatExact(step.at)}>
                  {formatTime(step.at)}
                </time>
              </li>
            );
          })}
        </ol>
      )}
    </Panel>
  );
}
