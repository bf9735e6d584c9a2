import { Button, Group, Modal, NumberInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Static } from 'typebox';
import type { CloudClusterDetail, MadeCloudVoucher } from '../../contract/cloud-clusters.ts';
import { isProblem } from '../api/problem.ts';
import { OthersChanges } from '../components/others-changes.tsx';
import { useDraft } from '../components/use-draft.ts';
import { useReader } from './language.tsx';
import { Facts, Loaded, Problem } from './parts.tsx';
import { request } from './rest.ts';
import { VoucherNote } from './voucher-note.tsx';

type Detail = Static<typeof CloudClusterDetail>;

export function ClusterDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useReader();
  const query = useQuery({
    queryKey: ['cluster', id],
    queryFn: async ({ signal }) => request('GET /clusters/{id}', { path: { id }, signal }),
    refetchOnWindowFocus: false,
  });
  return (
    <Modal opened onClose={onClose} size="lg" title={t('cluster')} closeButtonProps={{ 'aria-label': t('close') }}>
      <Loaded query={query}>
        {({ body, version }) => <Cluster cluster={body} version={version} onRemoved={onClose} />}
      </Loaded>
    </Modal>
  );
}

function Cluster({
  cluster,
  version,
  onRemoved,
}: {
  cluster: Detail;
  version: number | undefined;
  onRemoved: () => void;
}) {
  const { t, language, dateTime, number } = useReader();
  const queries = useQueryClient();
  const draft = useDraft<{ name: string; quota: number | string }>(
    { name: cluster.name, quota: cluster.quota },
    version,
  );
  const { name, quota } = draft.values;
  const [confirmation, setConfirmation] = useState('');
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const [voucher, setVoucher] = useState<Static<typeof MadeCloudVoucher>>();

  const act = async (work: () => Promise<unknown>) => {
    setBusy(true);
    setError(undefined);
    try {
      await work();
      await queries.invalidateQueries();
    } catch (failure) {
      setError(failure);
      if (isProblem(failure, 'version_conflict'))
        await queries.invalidateQueries({ queryKey: ['cluster', cluster.id] });
    } finally {
      setBusy(false);
    }
  };
  const change = (body: object, seen: number | undefined) =>
    act(() => request('PATCH /clusters/{id}', { path: { id: cluster.id }, body, version: seen }));
  const suspended = cluster.state === 'suspended';
  return (
    <Stack gap="lg">
      <Facts
        facts={[
          [
            t('clusterId'),
            <span key="id" className="fc-mono">
              {cluster.id}
            </span>,
          ],
          [t('state'), t(cluster.state)],
          [t('domain'), cluster.activationDomain ?? t('none')],
          [t('onboarding'), cluster.enabled ? t('on') : t('off')],
          [t('locators'), `${number(cluster.allocated)} · ${t('quarantined')}: ${number(cluster.quarantined)}`],
          [
            t('answers'),
            `${number(cluster.resolves.found.day)} / 24 h · ${t('inAll', { n: number(cluster.resolves.found.total) })}`,
          ],
          [
            t('certificates'),
            cluster.certificates.map(({ notAfter }) => t('until', { when: dateTime(notAfter) })).join(', ') ||
              t('none'),
          ],
          [
            t('edgeTrust', { n: cluster.trustVersion }),
            cluster.phoneEdgeTrust
              .map(({ subject, notAfter }) => `${subject} (${t('until', { when: dateTime(notAfter) })})`)
              .join('; ') || t('none'),
          ],
        ]}
      />
      <Group align="flex-end">
        <TextInput
          label={t('name')}
          value={name}
          onChange={(event) => draft.set('name', event.currentTarget.value)}
          maxLength={128}
        />
        <NumberInput
          label={t('quota')}
          value={quota}
          onChange={(value) => draft.set('quota', value)}
          min={0}
          max={10_000_000}
          allowDecimal={false}
        />
        <Button
          onClick={() => void change(draft.changes, draft.version)}
          loading={busy}
          disabled={!draft.dirty || draft.clashing || name.trim() === '' || quota === ''}
        >
          {t('save')}
        </Button>
      </Group>
      <OthersChanges draft={draft} language={language} label={t} />
      <Problem error={error} />
      <Stack gap={6} align="flex-start">
        <Button
          variant="default"
          loading={busy}
          onClick={() => void change({ state: suspended ? 'active' : 'suspended' }, version)}
        >
          {suspended ? t('resume') : t('suspend')}
        </Button>
        <Text size="sm" c="dimmed">
          {t('suspendHelp')}
        </Text>
      </Stack>
      <Stack gap={6} align="flex-start">
        <Button
          variant="default"
          loading={busy}
          onClick={() =>
            void act(async () => {
              const made = await request('POST /vouchers', {
                body: { note: cluster.name, clusterId: cluster.id },
              });
              setVoucher(made.body);
            })
          }
        >
          {t('newVoucherFor')}
        </Button>
        <Text size="sm" c="dimmed">
          {t('newVoucherForHelp')}
        </Text>
        {voucher !== undefined && <VoucherNote voucher={voucher} />}
      </Stack>
      <section className="fr-panel">
        <Title order={3} size="h5">
          {t('removeCluster')}
        </Title>
        <Text size="sm" mb="sm">
          {t('removeClusterHelp', { n: number(cluster.allocated) })}
        </Text>
        <Group align="flex-end">
          <TextInput
            label={t('typeName', { name: cluster.name })}
            value={confirmation}
            onChange={(event) => setConfirmation(event.currentTarget.value)}
          />
          <Button
            color="red"
            disabled={confirmation !== cluster.name}
            loading={busy}
            onClick={() =>
              void act(async () => {
                await request('DELETE /clusters/{id}', { path: { id: cluster.id }, version });
                onRemoved();
              })
            }
          >
            {t('remove')}
          </Button>
        </Group>
      </section>
    </Stack>
  );
}
