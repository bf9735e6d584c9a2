import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { request } from '../api/client.ts';
import { Loading, Page, Panel } from '../components/page.tsx';
import { ProblemNote } from '../components/problem-note.tsx';
import { useText } from '../i18n/use-text.ts';
import { useSession } from '../session/session.ts';
import { OwnPhone } from './own-phone.tsx';

/** Self Care: the own phones; those that wait for their code come first. */
export function SelfCarePage() {
  const { t } = useText();
  const { person } = useSession();
  const phones = useQuery({
    queryKey: ['own-phones', person?.userId],
    refetchInterval: 2_000,
    queryFn: async ({ signal }) =>
      (
        await request('GET /phones', {
          query: { ownerUserId: person?.userId, limit: 100 },
          signal,
        })
      ).body.items,
  });
  const items = [...(phones.data ?? [])].sort(
    (a, b) => Number(b.requiresActivationCode) - Number(a.requiresActivationCode),
  );
  const waiting = items.filter((each) => each.activationCode?.state === 'active' && each.requiresActivationCode);
  return (
    <Page title={t('selfCare.title')} lead={t('selfCare.lead')}>
      <Stack gap="lg">
        {phones.isPending && <Loading />}
        {phones.data === undefined && <ProblemNote error={phones.error} onRetry={() => void phones.refetch()} />}
        {phones.data?.length === 0 && (
          <Panel title={t('selfCare.none')}>
            <Text size="sm">{t('selfCare.noneText')}</Text>
          </Panel>
        )}
        {items.map((phone) => (
          <OwnPhone key={phone.id} phone={phone} showsCode={waiting.length === 1} />
        ))}
      </Stack>
    </Page>
  );
}
