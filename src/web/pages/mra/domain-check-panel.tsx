import { Button, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Static } from 'typebox';
import type { MraDomainCheck } from '../../../contract/mra-service-domains.ts';
import { request } from '../../api/client.ts';
import { Icon } from '../../components/icon.tsx';
import { Panel } from '../../components/page.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { Status, type Tone } from '../../components/status.tsx';
import { useText } from '../../i18n/use-text.ts';

type Check = Static<typeof MraDomainCheck>;
type Finding = Check['findings'][number];

const tones: Readonly<Record<Check['outcome'], Tone>> = { ok: 'good', partly: 'warn', failed: 'bad' };

/** Whether phones outside find an edge by this domain and would trust it, looked up when asked. */
export function DomainCheckPanel({ name }: { name: string }) {
  const { t, formatExact } = useText();
  const check = useQuery({
    queryKey: ['mra-domain-check', name],
    enabled: false,
    retry: false,
    queryFn: async ({ signal }) =>
      (await request('GET /mra-service-domains/{name}/check', { path: { name }, signal })).body,
  });
  return (
    <Panel title={t('domainCheck.title')}>
      <Stack gap="md" align="flex-start">
        <Text size="sm" c="dimmed">
          {t('domainCheck.text')}
        </Text>
        <Button
          variant="default"
          leftSection={<Icon name="refresh" size={16} />}
          loading={check.isFetching}
          onClick={() => void check.refetch()}
        >
          {t('domainCheck.run')}
        </Button>
        <ProblemNote error={check.error} />
        <div aria-live="polite">
          {check.data !== undefined && !check.isFetching && (
            <Stack gap="sm">
              <div>
                <Status tone={tones[check.data.outcome]}>{t(`domainCheck.outcome.${check.data.outcome}`)}</Status>
              </div>
              <Text size="sm" c="dimmed">
                <code>{check.data.record}</code> · {formatExact(check.data.checkedAt)}
              </Text>
              <Findings findings={check.data.findings} />
              {check.data.targets.map((target) => (
                <Target key={`${target.host}:${target.port}`} target={target} />
              ))}
            </Stack>
          )}
        </div>
      </Stack>
    </Panel>
  );
}

function Target({ target }: { target: Check['targets'][number] }) {
  const { t, formatDateTime } = useText();
  const { certificate } = target;
  return (
    <section className="fr-set" aria-label={target.host}>
      <Stack gap={4}>
        <Text size="sm" fw={600}>
          {target.host}:{target.port}
        </Text>
        <Text size="sm" c="dimmed">
          {[target.addresses.join(', '), t('domainCheck.rank', target)].filter(Boolean).join(' · ')}
        </Text>
        {certificate !== null && (
          <Text size="sm">
            {t('domainCheck.certificate', {
              names: certificate.names.join(', ') || certificate.subject,
              date: formatDateTime(certificate.notAfter),
            })}
            {' · '}
            {t(`domainCheck.trust.${certificate.trust}`)}
          </Text>
        )}
        <Findings findings={target.findings} />
      </Stack>
    </section>
  );
}

function Findings({ findings }: { findings: readonly Finding[] }) {
  const { lookup, language } = useText();
  if (findings.length === 0) return null;
  return (
    <ul className="fr-list">
      {findings.map(({ code, severity, text, remedy }) => (
        <li key={code}>
          <Status tone={severity === 'error' ? 'bad' : 'warn'}>
            {language === 'en' ? text : lookup('finding', code, text)}
          </Status>
          <Text size="sm">{language === 'en' ? remedy : lookup('findingRemedy', code, remedy)}</Text>
        </li>
      ))}
    </ul>
  );
}
