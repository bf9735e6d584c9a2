import '../../styles/onboarding.css';
import { Anchor, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { request } from '../../api/client.ts';
import { Loading, Page, Panel } from '../../components/page.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { Status } from '../../components/status.tsx';
import { useText } from '../../i18n/use-text.ts';

const tones = { ok: 'good', failed: 'bad', info: 'quiet' } as const;

/** MAC addresses that were seen and belong to no record. */
export function StrangersPage() {
  const { t, lookup, formatRelative } = useText();
  const strangers = useQuery({
    queryKey: ['strangers'],
    refetchInterval: 3_000,
    queryFn: async ({ signal }) => (await request('GET /timeline/strangers', { signal })).body.items,
  });
  return (
    <Page title={t('nav.strangers')} lead={t('strangers.lead')}>
      {strangers.isPending && <Loading />}
      <ProblemNote error={strangers.error} onRetry={() => void strangers.refetch()} />
      {strangers.data !== undefined && (
        <Panel>
          {strangers.data.length === 0 ? (
            <Text size="sm" c="dimmed">
              {t('strangers.none')}
            </Text>
          ) : (
            <ul className="fr-live">
              {strangers.data.map((each) => (
                <li key={each.mac} className="fr-stranger">
                  <Anchor component={Link} to={`/onboarding/strangers/${each.mac}`} ff="monospace" size="sm">
                    {each.mac}
                  </Anchor>
                  <span className="fr-chips">
                    {each.model !== null && <span>{each.model}</span>}
                    <Status tone={tones[each.lastResult]}>{lookup('step', each.lastStep)}</Status>
                    <span className="fr-dim">{t('strangers.events', { count: each.events })}</span>
                  </span>
                  <time dateTime={each.lastSeenAt}>
                    {t('strangers.seen', { when: formatRelative(each.lastSeenAt) })}
                  </time>
                </li>
              ))}
            </ul>
          )}
        </Panel>
      )}
    </Page>
  );
}
