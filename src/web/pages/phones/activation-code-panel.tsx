import { Button, CopyButton, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { ActivationCodeView } from '../../../contract/phone-codes.ts';
import type { PhoneView } from '../../../contract/phones.ts';
import { request } from '../../api/client.ts';
import { ask } from '../../components/ask.tsx';
import { Icon } from '../../components/icon.tsx';
import { Panel } from '../../components/page.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { QrCode } from '../../components/qr-code.tsx';
import { useText } from '../../i18n/use-text.ts';
import { usePermission } from '../../session/session.ts';
import { EmailHandOver } from './e-mail-hand-over.tsx';
import { OwnerConfirmation } from './owner-confirmation.tsx';
import { CodeStatus } from './phone-status.tsx';

const shownForMs = 120_000;

/** View, release, generate, hand over. Digits are fetched when asked for, which the audit log keeps, and are hidden again by themselves. */
export function ActivationCodePanel({ phone }: { phone: PhoneView }) {
  const { t, formatDateTime } = useText();
  const can = usePermission();
  const queries = useQueryClient();
  const [shown, setShown] = useState<ActivationCodeView>();
  const path = { name: phone.name };
  const refresh = () => queries.invalidateQueries();
  const view = useMutation({
    mutationFn: async () => (await request('GET /phones/{name}/activation-code', { path })).body,
    onSuccess: (code) => {
      setShown(code);
      void queries.invalidateQueries({ queryKey: ['timeline'] });
    },
  });
  const release = useMutation({
    mutationFn: () => request('DELETE /phones/{name}/activation-code', { path, version: phone.version }),
    onSuccess: async () => {
      setShown(undefined);
      notifications.show({ message: t('code.released') });
      await refresh();
    },
  });
  const generate = useMutation({
    mutationFn: async () =>
      (await request('POST /phones/{name}/activation-code', { path, version: phone.version })).body,
    onSuccess: async (code) => {
      setShown(code.code === null ? undefined : code);
      notifications.show({ message: t('code.generated') });
      await refresh();
    },
  });
  useEffect(() => {
    if (shown === undefined) return;
    const timer = setTimeout(() => setShown(undefined), shownForMs);
    return () => clearTimeout(timer);
  }, [shown]);
  const live = phone.activationCode?.state === 'active';
  const waits = phone.activationCode?.state === 'draft';
  // A code that was released, used up or replaced meanwhile is shown no longer.
  const visible = live && shown?.expiresAt === phone.activationCode?.expiresAt ? shown : undefined;
  const question = { cancel: t('action.cancel'), dangerous: true };
  const onRelease = async () => {
    if (
      await ask({ ...question, title: t('code.releaseTitle'), text: t('code.releaseText'), confirm: t('code.release') })
    )
      release.mutate();
  };
  const onGenerate = async () => {
    const inService = phone.registration !== null || (phone.firstActivatedAt !== null && !phone.requiresActivationCode);
    if (
      !inService ||
      (await ask({
        ...question,
        title: t('code.lockTitle'),
        text: t('code.lockText', { name: phone.name }),
        confirm: t('code.generate'),
      }))
    )
      generate.mutate();
  };
  return (
    <Panel title={t('code.title')} aside={<CodeStatus phone={phone} />}>
      <Stack gap="md">
        {live ? (
          <div className="fr-code-box">
            {visible?.code == null ? (
              <p className="fr-code fr-code-masked">
                <span className="fr-visually-hidden">{t('code.masked')}</span>
                <span aria-hidden="true">••••-••••-••••-••••</span>
              </p>
            ) : (
              <CodeCard phone={phone} code={visible} />
            )}
            <Text size="sm" c="dimmed">
              {t('code.expires', { when: formatDateTime(phone.activationCode!.expiresAt) })}{' '}
              {phone.activationCode!.boundMac === null
                ? t('code.fitsModel', { model: phone.model })
                : t('code.fitsMac', { mac: phone.activationCode!.boundMac })}{' '}
              {phone.allowActivationCodeViaMra &&
                t(phone.activationCode!.viaMra ? 'code.cloudKnows.known' : 'code.cloudKnows.none')}
            </Text>
          </div>
        ) : (
          <Text size="sm" c="dimmed">
            {waits
              ? t('code.waitsForCloud')
              : phone.requiresActivationCode
                ? t('code.noneButRequired')
                : t('code.none')}
          </Text>
        )}
        <Group gap="xs">
          {live && can('codes.reveal') && visible === undefined && (
            <Button leftSection={<Icon name="eye" size={16} />} loading={view.isPending} onClick={() => view.mutate()}>
              {t('code.view')}
            </Button>
          )}
          {visible?.code != null && (
            <>
              <CopyButton value={visible.code}>
                {({ copied, copy }) => (
                  <Button
                    variant="default"
                    leftSection={<Icon name={copied ? 'check' : 'copy'} size={16} />}
                    onClick={copy}
                  >
                    {copied ? t('code.copied') : t('code.copy')}
                  </Button>
                )}
              </CopyButton>
              <Button variant="default" leftSection={<Icon name="print" size={16} />} onClick={() => print()}>
                {t('code.print')}
              </Button>
              <Button variant="subtle" onClick={() => setShown(undefined)}>
                {t('code.hide')}
              </Button>
            </>
          )}
          {can('codes.manage') && phone.activationCode !== null && (live || waits) && (
            <Button variant="default" loading={release.isPending} onClick={() => void onRelease()}>
              {t('code.release')}
            </Button>
          )}
          {can('codes.manage') && !live && !waits && (
            <Button
              variant={phone.requiresActivationCode ? 'filled' : 'default'}
              loading={generate.isPending}
              onClick={() => void onGenerate()}
            >
              {t('code.generate')}
            </Button>
          )}
        </Group>
        <OwnerConfirmation phone={phone} />
        {live && !phone.codeWithheld && <EmailHandOver phone={phone} />}
        {live && !can('codes.reveal') && (
          <Text size="sm" c="dimmed">
            {t('code.mayNotSee')}
          </Text>
        )}
        <ProblemNote error={view.error ?? release.error ?? generate.error} />
      </Stack>
    </Panel>
  );
}

/** Also what is printed: everything the person at the phone needs, and nothing else. */
function CodeCard({ phone, code }: { phone: PhoneView; code: ActivationCodeView }) {
  const { t, formatDateTime } = useText();
  return (
    <div className="fr-code-card fr-print">
      <div>
        <p className="fr-print-only fr-code-for">{phone.description || phone.name}</p>
        <p className="fr-code" data-testid="activation-code">
          {code.formatted}
        </p>
        <p className="fr-print-only">
          {t('code.handOver', { model: phone.model, when: formatDateTime(code.expiresAt) })}
        </p>
        {phone.ownerUserId !== null && <p className="fr-print-only">{t('code.for', { user: phone.ownerUserId })}</p>}
      </div>
      {code.qr !== null && <QrCode text={code.qr} label={t('code.qr')} size={148} />}
    </div>
  );
}
