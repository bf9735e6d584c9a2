import { Button, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Static } from 'typebox';
import type { PhoneEdgeCertificate, PhoneEdgeTrust } from '../../../contract/phone-edge-trust.ts';
import { request } from '../../api/client.ts';
import { ask } from '../../components/ask.tsx';
import { Icon } from '../../components/icon.tsx';
import { Loading, Page, Panel } from '../../components/page.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { Status } from '../../components/status.tsx';
import { useText } from '../../i18n/use-text.ts';
import { usePermission } from '../../session/session.ts';
import { CertificateFacts, CertificateTools, commonName, ValidityStatus } from './certificate-parts.tsx';
import { UploadCertificate } from './upload-certificate.tsx';

type Certificate = Static<typeof PhoneEdgeCertificate>;
const queryKey = 'phone-edge-trust';

/** Certificates > PhoneEdge-trust: by what phones outside know Expressway-E, and whether the cloud has it. */
export function PhoneEdgeTrustPage() {
  const { t } = useText();
  const can = usePermission();
  const [adding, setAdding] = useState(false);
  const trust = useQuery<Static<typeof PhoneEdgeTrust>>({
    queryKey: [queryKey],
    // While a change is on its way to the cloud.
    refetchInterval: ({ state }) =>
      state.data !== undefined && state.data.sentVersion < state.data.version ? 2_000 : false,
    queryFn: async ({ signal }) => (await request('GET /phone-edge-trust', { signal })).body,
  });
  return (
    <Page
      title={t('nav.phoneEdgeTrust')}
      lead={t('edgeTrust.lead')}
      actions={
        can('system.write') ? (
          <Button leftSection={<Icon name="upload" size={16} />} onClick={() => setAdding(true)}>
            {t('trust.upload')}
          </Button>
        ) : undefined
      }
    >
      <Stack gap="md">
        {trust.isPending && <Loading />}
        <ProblemNote error={trust.error} onRetry={() => void trust.refetch()} />
        {trust.data !== undefined && (
          <div>
            {trust.data.sentVersion < trust.data.version ? (
              <Status tone="warn">{t('edgeTrust.onItsWay')}</Status>
            ) : (
              trust.data.version > 0 && <Status tone="good">{t('edgeTrust.sent')}</Status>
            )}
          </div>
        )}
        {trust.data?.items.length === 0 && (
          <Panel title={t('edgeTrust.none')}>
            <Text size="sm">{t('edgeTrust.noneText')}</Text>
          </Panel>
        )}
        {trust.data?.items.map((each) => (
          <CertificatePanel key={each.sha256} certificate={each} />
        ))}
      </Stack>
      <UploadCertificate
        opened={adding}
        onClose={() => setAdding(false)}
        path="/phone-edge-trust"
        queryKey={queryKey}
        submit={t('edgeTrust.add')}
        added={t('edgeTrust.added')}
      >
        <Text size="sm" c="dimmed">
          {t('edgeTrust.order')}
        </Text>
      </UploadCertificate>
    </Page>
  );
}

function CertificatePanel({ certificate }: { certificate: Certificate }) {
  const { t } = useText();
  const can = usePermission();
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => request('DELETE /phone-edge-trust/{sha256}', { path: { sha256: certificate.sha256 } }),
    onSuccess: () => notifications.show({ message: t('trust.removed') }),
    onSettled: () => queries.invalidateQueries({ queryKey: [queryKey] }),
  });
  const onRemove = async () => {
    const yes = await ask({
      title: t('trust.removeTitle', { name: commonName(certificate.subject) }),
      text: t('edgeTrust.removeText'),
      confirm: t('action.delete'),
      cancel: t('action.cancel'),
      dangerous: true,
    });
    if (yes) remove.mutate();
  };
  return (
    <Panel title={commonName(certificate.subject)} aside={<ValidityStatus certificate={certificate} />}>
      <Stack gap="md">
        <CertificateFacts certificate={certificate} />
        <ProblemNote error={remove.error} />
        <CertificateTools
          certificate={certificate}
          removing={remove.isPending}
          {...(can('system.write') ? { onRemove: () => void onRemove() } : {})}
        />
      </Stack>
    </Panel>
  );
}
