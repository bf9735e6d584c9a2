import { Checkbox, Group, Stack } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Answered } from '../../../contract/client/client.ts';
import type { PhoneView } from '../../../contract/phones.ts';
import { request } from '../../api/client.ts';
import { isProblem } from '../../api/problem.ts';
import { ask } from '../../components/ask.tsx';
import { SaveBar, SaveProblem, useFieldErrors } from '../../components/form-parts.tsx';
import { OthersChanges } from '../../components/others-changes.tsx';
import { Page, Panel } from '../../components/page.tsx';
import { TimelineView } from '../../components/timeline.tsx';
import { UnsavedGuard } from '../../components/unsaved-guard.tsx';
import { useDraft } from '../../components/use-draft.ts';
import { useText } from '../../i18n/use-text.ts';
import { usePermission } from '../../session/session.ts';
import { PhoneMraPanel } from '../mra/phone-mra-panel.tsx';
import { ActivationCodePanel } from './activation-code-panel.tsx';
import { AutoRegistrationNote } from './auto-registration-note.tsx';
import { LineEditor } from './line-editor.tsx';
import { PhoneActions } from './phone-actions.tsx';
import { IdentityFields, OnboardingFields, SettingFields } from './phone-fields.tsx';
import { bodyOf, draftOf, type PhoneDraft } from './phone-form.ts';
import { RegistrationStatus } from './phone-status.tsx';
import { RegistrationPanel } from './registration-panel.tsx';

/** The settings of one phone, its code, where it is registered, and its story. */
export function PhoneConfiguration({ phone }: { phone: PhoneView }) {
  const { t, language } = useText();
  const can = usePermission();
  const queries = useQueryClient();
  const draft = useDraft(draftOf(phone), phone.version);
  const save = useMutation({
    mutationFn: () =>
      request('PATCH /phones/{name}', {
        path: { name: phone.name },
        body: bodyOf(draft.changes),
        version: draft.version,
      }),
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
  const errors = useFieldErrors(save.error);
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
              <Stack gap="md">
                <AutoRegistrationNote phone={phone} />
                <OnboardingFields values={draft.values} set={draft.set} errors={errors} disabled={!mayWrite} />
              </Stack>
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
            <OthersChanges
              draft={draft}
              language={language}
              label={(field) => t(field === 'ownerUserId' ? 'phone.owner' : `phone.${field}`)}
              show={shownLines}
            />
            <SaveProblem error={save.error} />
            {mayWrite && (
              <SaveBar dirty={draft.dirty} clashing={draft.clashing} saving={save.isPending} onUndo={draft.reset} />
            )}
          </Stack>
        </form>
        <Stack gap="lg">
          <ActivationCodePanel phone={phone} />
          <RegistrationPanel phone={phone} />
          <PhoneMraPanel phone={phone} />
          <Panel title={t('timeline.title')}>
            <TimelineView path={`/phones/${phone.id}/timeline`} />
          </Panel>
        </Stack>
      </div>
    </Page>
  );
}

/** Lines by their numbers and labels, without what every line has. */
function shownLines(field: keyof PhoneDraft, value: unknown): string | undefined {
  if (field !== 'lines' || !Array.isArray(value) || value.length === 0) return undefined;
  return (value as PhoneDraft['lines'])
    .map(({ directoryNumber, partition, label, display }) =>
      [directoryNumber, partition, label, display].filter(Boolean).join(' · '),
    )
    .join(', ');
}
