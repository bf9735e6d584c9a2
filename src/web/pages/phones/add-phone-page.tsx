import { Stack } from '@mantine/core';
import { useState } from 'react';
import { AddBar } from '../../components/form-parts.tsx';
import { Page, Panel } from '../../components/page.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { UnsavedGuard } from '../../components/unsaved-guard.tsx';
import { useDraft } from '../../components/use-draft.ts';
import { useText } from '../../i18n/use-text.ts';
import { LineEditor } from './line-editor.tsx';
import { IdentityFields, ModelField, OnboardingFields, SettingFields } from './phone-fields.tsx';
import { bodyOf, emptyDraft } from './phone-form.ts';
import { useAddPhone } from './use-add-phone.ts';

/** Device > Phone > Add New: every setting by hand. */
export function AddPhonePage() {
  const { t } = useText();
  const [model, setModel] = useState<string | null>(null);
  const draft = useDraft(emptyDraft);
  const { add, errors, under } = useAddPhone(
    '/phones',
    () => ({ model: model ?? '', ...bodyOf(draft.values) }),
    () => {
      draft.reset();
      setModel(null);
    },
  );
  return (
    <Page title={t('phones.addNew')} lead={t('phones.addNewLead')}>
      <UnsavedGuard dirty={(draft.dirty || model !== null) && !under} />
      <form
        className="fr-narrow"
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate();
        }}
      >
        <Stack gap="lg">
          <Panel title={t('phone.device')}>
            <Stack gap="md">
              <ModelField value={model} error={errors['model']} onChange={setModel} />
              <IdentityFields values={draft.values} set={draft.set} errors={errors} />
            </Stack>
          </Panel>
          <Panel title={t('phone.onboarding')}>
            <OnboardingFields values={draft.values} set={draft.set} errors={errors} />
          </Panel>
          <Panel title={t('phone.lines')}>
            <LineEditor
              lines={draft.values.lines}
              onChange={(lines) => draft.set('lines', lines)}
              error={errors['lines']}
            />
          </Panel>
          <Panel title={t('phone.settings')}>
            <SettingFields
              values={draft.values}
              set={draft.set}
              errors={errors}
              model={model ?? ''}
              fallback={t('phone.fromDefaults')}
            />
          </Panel>
          <ProblemNote error={add.error} />
          <AddBar back="/device/phones" ready={model !== null} adding={add.isPending} />
        </Stack>
      </form>
    </Page>
  );
}
