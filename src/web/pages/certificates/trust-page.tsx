import { Button, Group, Stack, Switch, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Static } from 'typebox';
import type { TrustCertificate } from '../../../contract/trust-certificates.ts';
import { request } from '../../api/client.ts';
import { isProblem } from '../../api/problem.ts';
import { ask } from '../../components/ask.tsx';
import { Icon } from '../../components/icon.tsx';
import { Loading, Page, Panel } from '../../components/page.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { useText } from '../../i18n/use-text.ts';
import { usePermission } from '../../session/session.ts';
import { CertificateFacts, CertificateTools, commonName, ValidityStatus } from './certificate-parts.tsx';
import { UploadCertificate } from './upload-certificate.tsx';

type Certificate = Static<typeof TrustCertificate>;
const purpose = 'CallManager-trust';

/** Certificates > CallManager-trust: what it is, when it ends, how many phones hang on it. */
export function TrustPage() {
  const { t } = useText();
  const can = usePermission();
  const [adding, setAdding] = useState(false);
  const [micRoot, setMicRoot] = useState(true);
  const certificates = useQuery({
    queryKey: ['trust-certificates', purpose],
    queryFn: async ({ signal }) =>
      (await request('GET /trust-certificates', { query: { purpose }, signal })).body.items,
  });
  return (
    <Page
      title={t('nav.callManagerTrust')}
      lead={t('trust.lead')}
      actions={
        can('system.write') ? (
          <Button leftSection={<Icon name="upload" size={16} />} onClick={() => setAdding(true)}>
            {t('trust.upload')}
          </Button>
        ) : undefined
      }
    >
      <Stack gap="md">
        {certificates.isPending && <Loading />}
        <ProblemNote error={certificates.error} onRetry={() => void certificates.refetch()} />
        {certificates.data?.length === 0 && (
          <Panel title={t('trust.none')}>
            <Text size="sm">{t('trust.noneText')}</Text>
          </Panel>
        )}
        {certificates.data?.map((each) => (
          <CertificatePanel key={each.sha256} certificate={each} />
        ))}
      </Stack>
      <UploadCertificate
        opened={adding}
        onClose={() => setAdding(false)}
        path="/trust-certificates"
        queryKey="trust-certificates"
        more={{ purpose, micRoot }}
        submit={t('trust.trustIt')}
        added={t('trust.added')}
      >
        <Switch
          label={t('trust.micRoot')}
          description={t('trust.micRootHelp')}
          checked={micRoot}
          onChange={(event) => setMicRoot(event.currentTarget.checked)}
        />
      </UploadCertificate>
    </Page>
  );
}

function CertificatePanel({ certificate }: { certificate: Certificate }) {
  const { t } = useText();
  const can = usePermission();
  const queries = useQueryClient();
  const path = { purpose, sha256: certificate.sha256 };
  const change = useMutation({
    mutationFn: (body: Partial<Pick<Certificate, 'micRoot' | 'legacySha1'>>) =>
      request('PATCH /trust-certificates/{purpose}/{sha256}', { path, body }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['trust-certificates'] }),
  });
  const remove = useMutation({
    mutationFn: (evenIfUsed: boolean) =>
      request('DELETE /trust-certificates/{purpose}/{sha256}', {
        path,
        query: { evenIfUsed: evenIfUsed || undefined },
      }),
    onSuccess: () => notifications.show({ message: t('trust.removed') }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['trust-certificates'] }),
  });
  const onRemove = async () => {
    const used = certificate.phones > 0 || isProblem(remove.error, 'in_use');
    const yes = await ask({
      title: t('trust.removeTitle', { name: commonName(certificate.subject) }),
      text: used ? t('trust.removeUsed', { count: certificate.phones }) : t('trust.removeText'),
      confirm: t('action.delete'),
      cancel: t('action.cancel'),
      dangerous: true,
    });
    if (yes) remove.mutate(used);
  };
  const mayWrite = can('system.write');
  return (
    <Panel title={commonName(certificate.subject)} aside={<ValidityStatus certificate={certificate} />}>
      <Stack gap="md">
        <CertificateFacts
          certificate={certificate}
          first={[t('trust.phones'), t('trust.phoneCount', { count: certificate.phones })]}
        />
        <Group gap="xl">
          <Switch
            label={t('trust.micRoot')}
            description={t('trust.micRootHelp')}
            checked={certificate.micRoot}
            disabled={!mayWrite || change.isPending}
            onChange={(event) => change.mutate({ micRoot: event.currentTarget.checked })}
          />
          <Switch
            label={t('trust.legacySha1')}
            description={t('trust.legacySha1Help')}
            checked={certificate.legacySha1}
            disabled={!mayWrite || change.isPending}
            onChange={(event) => change.mutate({ legacySha1: event.currentTarget.checked })}
          />
        </Group>
        <ProblemNote error={change.error ?? remove.error} />
        <CertificateTools
          certificate={certificate}
          removing={remove.isPending}
          {...(mayWrite ? { onRemove: () => void onRemove() } : {})}
        />
      </Stack>
    </Panel>
  );
}
