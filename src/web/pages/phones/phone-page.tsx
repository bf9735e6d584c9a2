import { Alert, Button, Checkbox, Group, Menu, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import type { PhoneView } from '../../../contract/phones.ts';
import { type Answered, request } from '../../api/client.ts';
import { isProblem } from '../../api/problem.ts';
import { ask } from '../../components/ask.tsx';
import { Icon } from '../../components/icon.tsx';
import { Loading, Page, Panel } from '../../components/page.tsx';
import { ProblemNote, useProblemText } from '../../components/problem-note.tsx';
import { TimelineView } from '../../components/timeline.tsx';
import { UnsavedGuard } from '../../components/unsaved-guard.tsx';
import { fieldOf, useDraft } from '../../components/use-draft.ts';
import { useText } from '../../i18n/use-text.ts';
import { usePermission } from '../../session/session.ts';
import { ActivationCodePanel } from './activation-code-panel.tsx';
import { LineEditor } from './line-editor.tsx';
import { IdentityFields, OnboardingFields, SettingFields } from './phone-fields.tsx';
import { bodyOf, draftOf } from './phone-form.ts';
import { RegistrationStatus } from './phone-status.tsx';

/** Phone Configuration. */
export function PhonePage() {
  const { name = '' } = useParams();
  const go = useNavigate();
  const queries = useQueryClient();
  const [ids, setIds] = useState<Readonly<Record<string, string>>>({});
  const id = ids[name];
  const named = useQuery({
    queryKey: ['phone-named', name],
    enabled: id === undefined,
    queryFn: async ({ signal }) => {
      const answer = await request<PhoneView>('GET', `/phones/${encodeURIComponent(name)}`, { signal });
      queries.setQueryData(['phone', answer.body.id], answer);
      setIds((before) => ({ ...before, [name]: answer.body.id, [answer.body.name]: answer.body.id }));
      return answer;
    },
  });
  // Once it is known, the phone is followed by its id, which no activation changes.
  const phone = useQuery({
    queryKey: ['phone', id],
    enabled: id !== undefined,
    refetchInterval: 3_000,
    queryFn: ({ signal }) => request<PhoneView>('GET', `/phones/${id}`, { signal }),
  });
  // An activation renames the phone while its page is open: the address follows.
  const nameNow = phone.data?.body.name ?? nameToday(named.error);
  useEffect(() => {
    if (nameNow === undefined || nameNow === name) return;
    if (id !== undefined) setIds((before) => ({ ...before, [nameNow]: id }));
    void go(`/device/phones/${nameNow}`, { replace: true, state: { renamed: true } });
  }, [nameNow, name, id, go]);
  const error = phone.error ?? named.error;
  if (isProblem(error, 'phone_not_found') && nameToday(error) === undefined)
    return <NoSuchPhone name={name} error={error} />;
  if (phone.data !== undefined) return <PhoneForm key={phone.data.body.id} phone={phone.data.body} />;
  return error === null || nameNow !== undefined ? (
    <Loading />
  ) : (
    <ProblemNote error={error} onRetry={() => void named.refetch()} />
  );
}

function nameToday(error: unknown): string | undefined {
  const name = isProblem(error, 'phone_not_found') ? error.members['nameToday'] : undefined;
  return typeof name === 'string' ? name : undefined;
}

/** No record of that name; a MAC address may have a story all the same. */
function NoSuchPhone({ name, error }: { name: string; error: unknown }) {
  const { t } = useText();
  return (
    <Page title={name}>
      <ProblemNote error={error} />
      {/^SEP[0-9A-Fa-f]{12}$/.test(name) && (
        <Panel title={t('timeline.title')}>
          <TimelineView path="/timeline" query={{ mac: name.slice(3) }} />
        </Panel>
      )}
    </Page>
  );
}

function PhoneForm({ phone }: { phone: PhoneView }) {
  const { t } = useText();
  const can = usePermission();
  const queries = useQueryClient();
  const textOf = useProblemText();
  const draft = useDraft(draftOf(phone));
  const save = useMutation({
    mutationFn: () =>
      request<PhoneView>('PATCH', `/phones/${phone.name}`, { body: bodyOf(draft.changes), version: phone.version }),
    onSuccess: async (answer: Answered<PhoneView>) => {
      draft.reset();
      queries.setQueryData(['phone', phone.id], answer);
      notifications.show({ message: t('phone.saved') });
      await queries.invalidateQueries();
    },
    onError: async (error) => {
      if (isProblem(error, 'version_conflict')) await queries.invalidateQueries({ queryKey: ['phone'] });
    },
  });
  const mayWrite = can('phones.write');
  const conflict = isProblem(save.error, 'version_conflict');
  const field = fieldOf(save.error);
  const errors =
    field === undefined
      ? {}
      : { [field]: [textOf(save.error).message, textOf(save.error).remedy].filter(Boolean).join(' ') };
  const onSave = async () => {
    const { changes } = draft;
    const question = { cancel: t('action.cancel'), confirm: t('action.goOn'), dangerous: true };
    const live = phone.registration !== null || (phone.firstActivatedAt !== null && !phone.requiresActivationCode);
    if (changes.requiresActivationCode === true && live) {
      if (!(await ask({ ...question, title: t('code.lockTitle'), text: t('code.lockText', { name: phone.name }) })))
        return;
    } else if (changes.mac !== undefined && (live || phone.activationCode?.state === 'active')) {
      const text =
        changes.mac.trim() === ''
          ? t('phone.renameBatText', { name: phone.name })
          : t('phone.renameSepText', { name: phone.name });
      if (!(await ask({ ...question, title: t('phone.renameTitle'), text }))) return;
    }
    save.mutate();
  };
  return (
    <Page
      title={phone.name}
      lead={
        <Group gap="xs" component="span">
          <RegistrationStatus phone={phone} />
          <span>{[phone.model, phone.description].filter(Boolean).join(' · ')}</span>
        </Group>
      }
      actions={mayWrite ? <PhoneActions phone={phone} /> : undefined}
    >
      <UnsavedGuard dirty={draft.dirty} />
      <div className="fr-two-columns">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void onSave();
          }}
        >
          <Stack gap="lg">
            <Panel title={t('phone.onboarding')}>
              <OnboardingFields values={draft.values} set={draft.set} errors={errors} disabled={!mayWrite} />
            </Panel>
            <Panel title={t('phone.device')}>
              <Stack gap="md">
                <IdentityFields values={draft.values} set={draft.set} errors={errors} disabled={!mayWrite} />
                <Checkbox
                  label={t('phone.enabled')}
                  description={t('phone.enabledHelp')}
                  checked={draft.values.enabled}
                  disabled={!mayWrite}
                  onChange={(event) => draft.set('enabled', event.currentTarget.checked)}
                />
              </Stack>
            </Panel>
            <Panel title={t('phone.lines')}>
              <LineEditor
                lines={draft.values.lines}
                onChange={(lines) => draft.set('lines', lines)}
                error={errors['lines']}
                disabled={!mayWrite}
              />
            </Panel>
            <Panel title={t('phone.settings')}>
              <SettingFields
                values={draft.values}
                set={draft.set}
                errors={errors}
                disabled={!mayWrite}
                model={phone.model}
              />
            </Panel>
            {conflict ? (
              <Alert
                color="yellow"
                variant="light"
                icon={<Icon name="alert" />}
                role="alert"
                title={t('conflict.title')}
              >
                {t('conflict.text')}
              </Alert>
            ) : (
              <ProblemNote error={save.error} />
            )}
            {mayWrite && (
              <div className="fr-save-bar" data-dirty={draft.dirty || undefined}>
                <Text size="sm" c="dimmed" role="status">
                  {draft.dirty ? t('form.unsaved') : t('form.allSaved')}
                </Text>
                <Button variant="default" disabled={!draft.dirty} onClick={draft.reset}>
                  {t('action.undo')}
                </Button>
                <Button type="submit" disabled={!draft.dirty} loading={save.isPending}>
                  {t('action.save')}
                </Button>
              </div>
            )}
          </Stack>
        </form>
        <Stack gap="lg">
          <ActivationCodePanel phone={phone} />
          <RegistrationPanel phone={phone} />
          <Panel title={t('timeline.title')}>
            <TimelineView path={`/phones/${phone.id}/timeline`} />
          </Panel>
        </Stack>
      </div>
    </Page>
  );
}

function RegistrationPanel({ phone }: { phone: PhoneView }) {
  const { t, formatDateTime } = useText();
  const { registration } = phone;
  const facts: readonly (readonly [string, string])[] = [
    ...(registration === null
      ? []
      : ([
          [t('registration.node'), registration.node],
          [t('registration.address'), `${registration.sourceAddress} (${registration.transport.toUpperCase()})`],
          [t('registration.since'), formatDateTime(registration.registeredAt)],
        ] as const)),
    [
      t('phone.firstActivated'),
      phone.firstActivatedAt === null ? t('phone.never') : formatDateTime(phone.firstActivatedAt),
    ],
    ...(phone.activeLoad === '' ? [] : ([[t('phone.activeLoad'), phone.activeLoad]] as const)),
    ...(phone.inactiveLoad === '' ? [] : ([[t('phone.inactiveLoad'), phone.inactiveLoad]] as const)),
    [t('phone.added'), formatDateTime(phone.createdAt)],
    [t('phone.changed'), formatDateTime(phone.updatedAt)],
  ];
  return (
    <Panel title={t('phone.registration')} aside={<RegistrationStatus phone={phone} />}>
      <dl className="fr-facts">
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

function PhoneActions({ phone }: { phone: PhoneView }) {
  const { t } = useText();
  const go = useNavigate();
  const queries = useQueryClient();
  const control = useMutation({
    mutationFn: (action: 'reset' | 'restart') => request('POST', `/phones/${phone.name}/${action}`),
    onSuccess: () => notifications.show({ message: t('phone.asked') }),
  });
  const remove = useMutation({
    mutationFn: () => request('DELETE', `/phones/${phone.name}`, { version: phone.version }),
    onSuccess: async () => {
      notifications.show({ message: t('phone.deleted', { name: phone.name }) });
      await go('/device/phones');
      await queries.invalidateQueries();
    },
  });
  const replace = useMutation({
    mutationFn: async () =>
      (await request<PhoneView>('POST', `/phones/${phone.name}/replace`, { version: phone.version })).body,
    onSuccess: async (renamed) => {
      await go(`/device/phones/${renamed.name}`);
      await queries.invalidateQueries();
    },
  });
  const sure = async (text: { title: string; text: string; confirm: string }, then: () => void) => {
    if (await ask({ ...text, cancel: t('action.cancel'), dangerous: true })) then();
  };
  const unreachable = phone.registration === null;
  return (
    <div>
      <Group gap="xs" justify="flex-end">
        <Button
          variant="default"
          disabled={unreachable}
          title={unreachable ? t('phone.notReachable') : undefined}
          loading={control.isPending}
          onClick={() => control.mutate('restart')}
        >
          {t('phone.restart')}
        </Button>
        <Button
          variant="default"
          disabled={unreachable}
          title={unreachable ? t('phone.notReachable') : undefined}
          onClick={() => control.mutate('reset')}
        >
          {t('phone.reset')}
        </Button>
        <Menu position="bottom-end">
          <Menu.Target>
            <Button
              variant="default"
              rightSection={<Icon name="chevronDown" size={14} />}
              loading={remove.isPending || replace.isPending}
            >
              {t('action.more')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              leftSection={<Icon name="refresh" size={16} />}
              onClick={() =>
                void sure(
                  {
                    title: t('phone.replaceTitle'),
                    text: t('phone.replaceText', { name: phone.name, model: phone.model }),
                    confirm: t('phone.replace'),
                  },
                  () => replace.mutate(),
                )
              }
            >
              {t('phone.replace')}
            </Menu.Item>
            <Menu.Item
              leftSection={<Icon name="trash" size={16} />}
              className="fr-bad-text"
              onClick={() =>
                void sure(
                  {
                    title: t('phone.deleteTitle'),
                    text: t('phone.deleteText', { name: phone.name }),
                    confirm: t('action.delete'),
                  },
                  () => remove.mutate(),
                )
              }
            >
              {t('action.delete')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </Group>
      <ProblemNote error={control.error ?? remove.error ?? replace.error} />
    </div>
  );
}
