import { Button, FileButton, Group, Modal, Stack, Switch, Text, Textarea, TextInput } from '@mantine/core';
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
import { Status } from '../../components/status.tsx';
import { useText } from '../../i18n/use-text.ts';
import { usePermission } from '../../session/session.ts';

type Certificate = Static<typeof TrustCertificate>;
const purpose = 'CallManager-trust';
const soonDays = 90;

/** Certificates > CallManager-trust: what it is, when it ends, how many phones hang on it. */
export function TrustPage() {
  const { t } = useText();
  const can = usePermission();
  const [adding, setAdding] = useState(false);
  const certificates = useQuery({
    queryKey: ['trust-certificates', purpose],
    queryFn: async ({ signal }) =>
      (await request<{ items: readonly Certificate[] }>('GET', '/trust-certificates', { query: { purpose }, signal }))
        .body.items,
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
      <UploadDialog opened={adding} onClose={() => setAdding(false)} />
    </Page>
  );
}

/** `CN=Example Root, O=Example` → `Example Root` */
function commonName(subject: string): string {
  return /(?:^|,\s*)CN=([^,]+)/.exec(subject)?.[1] ?? subject;
}

function CertificatePanel({ certificate }: { certificate: Certificate }) {
  const { t, formatDate, formatRelative } = useText();
  const can = usePermission();
  const queries = useQueryClient();
  const path = `/trust-certificates/${purpose}/${certificate.sha256}`;
  const change = useMutation({
    mutationFn: (body: Partial<Pick<Certificate, 'micRoot' | 'legacySha1'>>) => request('PATCH', path, { body }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['trust-certificates'] }),
  });
  const remove = useMutation({
    mutationFn: (evenIfUsed: boolean) => request('DELETE', path, { query: { evenIfUsed: evenIfUsed || undefined } }),
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
  const daysLeft = (new Date(certificate.notAfter).getTime() - Date.now()) / 86_400_000;
  const mayWrite = can('system.write');
  return (
    <Panel
      title={commonName(certificate.subject)}
      aside={
        certificate.expired ? (
          <Status tone="bad">{t('trust.expired', { when: formatRelative(certificate.notAfter) })}</Status>
        ) : (
          <Status tone={daysLeft < soonDays ? 'warn' : 'good'}>
            {t('trust.validUntil', { date: formatDate(certificate.notAfter) })}
          </Status>
        )
      }
    >
      <Stack gap="md">
        <dl className="fr-facts">
          <div>
            <dt>{t('trust.phones')}</dt>
            <dd>{t('trust.phoneCount', { count: certificate.phones })}</dd>
          </div>
          {certificate.description !== '' && (
            <div>
              <dt>{t('trust.description')}</dt>
              <dd>{certificate.description}</dd>
            </div>
          )}
          <div>
            <dt>{t('trust.subject')}</dt>
            <dd>{certificate.subject}</dd>
          </div>
          <div>
            <dt>{t('trust.issuer')}</dt>
            <dd>{certificate.issuer === certificate.subject ? t('trust.selfSigned') : certificate.issuer}</dd>
          </div>
          <div>
            <dt>{t('trust.validFrom')}</dt>
            <dd>{formatDate(certificate.notBefore)}</dd>
          </div>
          <div>
            <dt>{t('trust.serial')}</dt>
            <dd className="fr-mono">{certificate.serialNumber}</dd>
          </div>
          <div>
            <dt>SHA-256</dt>
            <dd className="fr-mono">{certificate.sha256}</dd>
          </div>
        </dl>
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
        <Group gap="xs">
          <Button
            variant="default"
            size="xs"
            leftSection={<Icon name="download" size={14} />}
            onClick={() => savePem(certificate)}
          >
            {t('trust.download')}
          </Button>
          {mayWrite && (
            <Button
              variant="default"
              size="xs"
              leftSection={<Icon name="trash" size={14} />}
              loading={remove.isPending}
              onClick={() => void onRemove()}
            >
              {t('action.delete')}
            </Button>
          )}
        </Group>
      </Stack>
    </Panel>
  );
}

function savePem(certificate: Certificate): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([certificate.pem], { type: 'application/x-pem-file' }));
  link.download = `${commonName(certificate.subject).replace(/[^A-Za-z0-9._-]+/g, '-')}.pem`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

function UploadDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useText();
  const queries = useQueryClient();
  const [certificate, setCertificate] = useState('');
  const [description, setDescription] = useState('');
  const [micRoot, setMicRoot] = useState(true);
  const add = useMutation({
    mutationFn: () =>
      request('POST', '/trust-certificates', {
        body: { purpose, certificate: certificate.trim(), description, micRoot },
      }),
    onSuccess: async () => {
      setCertificate('');
      setDescription('');
      onClose();
      notifications.show({ message: t('trust.added') });
      await queries.invalidateQueries({ queryKey: ['trust-certificates'] });
    },
  });
  const readFile = async (file: File | null) => {
    if (file === null) return;
    const octets = new Uint8Array(await file.arrayBuffer());
    const text = new TextDecoder().decode(octets);
    setCertificate(
      text.includes('-----BEGIN') ? text : btoa(Array.from(octets, (octet) => String.fromCharCode(octet)).join('')),
    );
  };
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('trust.upload')}
      size="lg"
      centered
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate();
        }}
      >
        <Stack>
          <FileButton onChange={(file) => void readFile(file)} accept=".pem,.crt,.cer,.der,application/x-x509-ca-cert">
            {(props) => (
              <Button {...props} variant="default" leftSection={<Icon name="upload" size={16} />}>
                {t('trust.chooseFile')}
              </Button>
            )}
          </FileButton>
          <Textarea
            label={t('trust.certificate')}
            description={t('trust.certificateHelp')}
            required
            autosize
            minRows={5}
            maxRows={10}
            spellCheck={false}
            classNames={{ input: 'fr-mono' }}
            value={certificate}
            onChange={(event) => setCertificate(event.currentTarget.value)}
          />
          <TextInput
            label={t('trust.description')}
            maxLength={128}
            value={description}
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
          <Switch
            label={t('trust.micRoot')}
            description={t('trust.micRootHelp')}
            checked={micRoot}
            onChange={(event) => setMicRoot(event.currentTarget.checked)}
          />
          <ProblemNote error={add.error} />
          <Button type="submit" loading={add.isPending} disabled={certificate.trim() === ''}>
            {t('trust.trustIt')}
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}
