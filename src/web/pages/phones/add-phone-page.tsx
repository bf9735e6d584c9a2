import { Button, Select, Stack } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import type { PhoneView } from '../../../contract/phones.ts';
import { phoneModels } from '../../../identifiers/phone-model.ts';
import { request } from '../../api/client.ts';
import { Page, Panel } from '../../components/page.tsx';
import { ProblemNote, useProblemText } from '../../components/problem-note.tsx';
import { UnsavedGuard } from '../../components/unsaved-guard.tsx';
import { fieldOf, useDraft } from '../../components/use-draft.ts';
import { useText } from '../../i18n/use-text.ts';
import { LineEditor } from './line-editor.tsx';
import { IdentityFields, OnboardingFields, SettingFields } from './phone-fields.tsx';
import { bodyOf, emptyDraft } from './phone-form.ts';

/** Device > Phone > Add New: every setting by hand. */
export function AddPhonePage() {
  const { t } = useText();
  const go = useNavigate();
  const queries = useQueryClient();
  const textOf = useProblemText();
  const [model, setModel] = useState<string | null>(null);
  const draft = useDraft(emptyDraft);
  const add = useMutation({
    mutationFn: async () =>
      (await request<PhoneView>('POST', '/phones', { body: { model: model ?? '', ...bodyOf(draft.values) } })).body,
    onSuccess: async (phone) => {
      draft.reset();
      setModel(null);
      notifications.show({ message: t('phones.added', { name: phone.name }) });
      await queries.invalidateQueries({ queryKey: ['list'] });
      await go(`/device/phones/${phone.name}`);
    },
  });
  const field = fieldOf(add.error);
  const errors =
    field === undefined
      ? {}
      : { [field]: [textOf(add.error).message, textOf(add.error).remedy].filter(Boolean).join(' ') };
  return (
    <Page title={t('phones.addNew')} lead={t('phones.addNewLead')}>
      <UnsavedGuard dirty={(draft.dirty || model !== null) && !add.isPending && !add.isSuccess} />
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
              <Select
                label={t('phone.model')}
                description={t('phone.modelHelp')}
                required
                searchable
                data={phoneModels.map((each) => String(each.name))}
                value={model}
                error={errors['model']}
                onChange={setModel}
                nothingFoundMessage={t('field.nothingFound')}
              />
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
          <div className="fr-save-bar">
            <Button component={Link} to="/device/phones" variant="default">
              {t('action.cancel')}
            </Button>
            <Button type="submit" disabled={model === null} loading={add.isPending}>
              {t('action.add')}
            </Button>
          </div>
        </Stack>
      </form>
    </Page>
  );
}
