import { Button, CopyButton, Group, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { PhoneView } from '../../contract/phones.ts';
import type { AttemptView } from '../../contract/timeline.ts';
import { parsePhoneModel } from '../../identifiers/phone-model.ts';
import { request } from '../api/client.ts';
import { Icon } from '../components/icon.tsx';
import { Panel } from '../components/page.tsx';
import { ProblemNote } from '../components/problem-note.tsx';
import { QrCode } from '../components/qr-code.tsx';
import { Status } from '../components/status.tsx';
import { useTimeline } from '../components/timeline.tsx';
import { useText } from '../i18n/use-text.ts';
import { Guide } from './guide.tsx';

/**
 * One phone of the person signed in: what it waits for, how far it is, or that it is ready. `showsCode`: at once; else when asked, because
 * each look at a code is kept in the audit log.
 */
export function OwnPhone({ phone, showsCode }: { phone: PhoneView; showsCode: boolean }) {
  const { t } = useText();
  const timeline = useTimeline(`/phones/${phone.id}/timeline`);
  const attempt = timeline.data?.attempts.findLast((each) => each.kind === 'attempt');
  const stage = stageOf(phone, attempt);
  const numbers = phone.lines.map((line) => line.directoryNumber);
  return (
    <Panel
      title={phone.description || phone.model}
      aside={
        stage === 'registered' ? (
          <Status tone="good">{t('selfCare.registered')}</Status>
        ) : stage === 'in-progress' ? (
          <Status tone="busy">{t('selfCare.inProgress')}</Status>
        ) : stage === 'waits' ? (
          <Status tone="warn">{t('selfCare.activate')}</Status>
        ) : (
          <Status tone="quiet">{t('selfCare.outOfService')}</Status>
        )
      }
    >
      <div className="fr-own-phone">
        <Text size="sm" c="dimmed">
          {[
            phone.model,
            numbers.length > 0 ? `${t('selfCare.number', { count: numbers.length })} ${numbers.join(', ')}` : '',
          ]
            .filter(Boolean)
            .join(' · ')}
        </Text>
        {stage === 'in-progress' && attempt !== undefined && <Progress phone={phone} attempt={attempt} />}
        {stage === 'out-of-service' && <Text size="sm">{t('selfCare.outOfServiceText')}</Text>}
        {stage === 'waits' && (
          <>
            {attempt?.outcome === 'failed' && attempt.cause !== null && (
              <div className="fr-cause" role="status">
                <strong>{t('selfCare.failed')}</strong>
                <span>{attempt.cause}</span>
              </div>
            )}
            {phone.activationCode?.state === 'active' ? (
              <Code phone={phone} atOnce={showsCode} />
            ) : phone.activationCode?.state === 'draft' ? (
              <Text size="sm" role="status">
                {t('selfCare.waitsForCloud')}
              </Text>
            ) : (
              <NewCode phone={phone} />
            )}
          </>
        )}
      </div>
    </Panel>
  );
}

type Stage = 'registered' | 'in-progress' | 'waits' | 'out-of-service';

const settlingMs = 120_000;

function stageOf(phone: PhoneView, attempt: AttemptView | undefined): Stage {
  if (phone.registration !== null) return 'registered';
  const fresh = attempt !== undefined && Date.now() - new Date(attempt.endedAt).getTime() < settlingMs;
  const entered =
    attempt?.steps.some((each) => ['start', 'prove', 'activated'].includes(each.step) && each.result !== 'failed') ??
    false;
  if (fresh && entered && attempt.outcome !== 'failed') return 'in-progress';
  return phone.requiresActivationCode ? 'waits' : 'out-of-service';
}

function Progress({ phone, attempt }: { phone: PhoneView; attempt: AttemptView }) {
  const { t } = useText();
  const went = (...steps: string[]) => attempt.steps.some((each) => steps.includes(each.step) && each.result === 'ok');
  const activatedAt = attempt.steps.find((each) => each.step === 'activated' && each.result === 'ok')?.at;
  const configured =
    activatedAt !== undefined &&
    attempt.steps.some((each) => each.step === 'config' && each.result === 'ok' && each.at >= activatedAt);
  const steps: readonly (readonly [string, boolean])[] = [
    [t('selfCare.progressCode'), attempt.steps.some((each) => each.step === 'start' && each.result !== 'failed')],
    [t('selfCare.progressProof'), went('activated')],
    [t('selfCare.progressConfig'), configured || phone.registration !== null],
    [t('selfCare.progressRegistered'), phone.registration !== null],
  ];
  return (
    <ol className="fr-progress" aria-live="polite">
      {steps.map(([text, done]) => (
        <li key={text} data-state={done ? 'done' : 'to-come'}>
          <span className={`fr-step-sign ${done ? 'fr-good' : 'fr-quiet'}`}>
            <Icon name={done ? 'check' : 'clock'} size={13} />
          </span>
          {text}
        </li>
      ))}
    </ol>
  );
}

function Code({ phone, atOnce }: { phone: PhoneView; atOnce: boolean }) {
  const { t, formatRelative } = useText();
  const [asked, setAsked] = useState(atOnce);
  const code = useQuery({
    enabled: asked,
    // A new code of the phone is another question: asking once per code keeps the audit log readable.
    queryKey: ['own-code', phone.id, phone.activationCode?.expiresAt],
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    queryFn: async ({ signal }) =>
      (await request('GET /phones/{name}/activation-code', { path: { name: phone.name }, signal })).body,
  });
  const shown = code.data;
  const bound = phone.activationCode?.boundMac ?? null;
  if (code.isError) return <ProblemNote error={code.error} onRetry={() => void code.refetch()} />;
  if (!asked)
    return (
      <div>
        <Button leftSection={<Icon name="eye" size={16} />} onClick={() => setAsked(true)}>
          {t('selfCare.showCode')}
        </Button>
      </div>
    );
  if (shown?.code == null) return null;
  return (
    <>
      <div className="fr-own-code">
        <Text size="sm" c="dimmed">
          {bound === null
            ? t('selfCare.codeFor', { model: phone.model })
            : t('selfCare.codeForMac', { model: phone.model, mac: bound })}
        </Text>
        <p className="fr-code" data-testid="activation-code">
          <span className="fr-visually-hidden">{t('selfCare.code')} </span>
          {shown.formatted}
        </p>
        {shown.qr !== null && <QrCode text={shown.qr} label={t('selfCare.qr')} size={220} />}
        <Group gap="sm" justify="center">
          <Status tone="busy" icon="clock">
            {t('selfCare.timeLeft', { when: formatRelative(shown.expiresAt) })}
          </Status>
          <CopyButton value={shown.code}>
            {({ copied, copy }) => (
              <Button
                size="compact-sm"
                variant="default"
                leftSection={<Icon name={copied ? 'check' : 'copy'} size={14} />}
                onClick={copy}
              >
                {copied ? t('selfCare.copied') : t('selfCare.copy')}
              </Button>
            )}
          </CopyButton>
        </Group>
      </div>
      <div>
        <Text fw={600} mb="sm">
          {t('selfCare.guide')}
        </Text>
        <Guide camera={parsePhoneModel(phone.model)?.camera ?? false} outside={phone.activationCode?.viaMra === true} />
      </div>
    </>
  );
}

/** The code ran out, was locked or was released: the owner may ask for another one, within the server's limits. */
function NewCode({ phone }: { phone: PhoneView }) {
  const { t } = useText();
  const queries = useQueryClient();
  const state = phone.activationCode?.state;
  const again = state === 'expired' || state === 'locked';
  const ask = useMutation({
    mutationFn: () => request('POST /phones/{name}/activation-code', { path: { name: phone.name } }),
    onSuccess: () => queries.invalidateQueries(),
  });
  return (
    <>
      <Text size="sm">
        {state === 'expired'
          ? t('selfCare.asAnother')
          : state === 'locked'
            ? t('selfCare.locked')
            : t('selfCare.noCodeAsk')}
      </Text>
      {again && (
        <div>
          <Button loading={ask.isPending} onClick={() => ask.mutate()}>
            {t('selfCare.newCode')}
          </Button>
        </div>
      )}
      <ProblemNote error={ask.error} />
    </>
  );
}
