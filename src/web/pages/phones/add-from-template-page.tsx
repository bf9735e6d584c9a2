import { Autocomplete, Button, Modal, Stack, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { request } from '../../api/client.ts';
import { ReferenceField } from '../../components/fields.tsx';
import { AddBar } from '../../components/form-parts.tsx';
import { Icon } from '../../components/icon.tsx';
import { Page, Panel } from '../../components/page.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { UnsavedGuard } from '../../components/unsaved-guard.tsx';
import { useDraft } from '../../components/use-draft.ts';
import { useText } from '../../i18n/use-text.ts';
import { IdentityFields, ModelField, OnboardingFields } from './phone-fields.tsx';
import { bodyOf, emptyDraft, type PhoneDraft } from './phone-form.ts';
import { useAddPhone } from './use-add-phone.ts';

interface TemplateDraft {
  readonly model: string | null;
  readonly deviceTemplate: string | null;
  readonly directoryNumber: string;
  readonly lineTemplate: string | null;
}

const empty: TemplateDraft = { model: null, deviceTemplate: null, directoryNumber: '', lineTemplate: null };

/** Device > Phone > Add New From Template: model, MAC or blank, template, directory number, user. */
export function AddFromTemplatePage() {
  const { t } = useText();
  const phone = useDraft(emptyDraft);
  const template = useDraft(empty);
  const { values, set } = template;
  const [extension, setExtension] = useState(false);
  const { add, errors, under } = useAddPhone(
    '/phones/from-template',
    () => templateBody(values, phone.values),
    () => {
      phone.reset();
      template.reset();
    },
  );
  return (
    <Page title={t('phones.addFromTemplate')} lead={t('phones.addFromTemplateLead')}>
      <UnsavedGuard dirty={(phone.dirty || template.dirty) && !under} />
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
              <div className="fr-fields">
                <ModelField value={values.model} error={errors['model']} onChange={(model) => set('model', model)} />
                <ReferenceField
                  label={t('phone.deviceTemplate')}
                  description={t('phone.deviceTemplateHelp')}
                  path="/universal-device-templates"
                  none={t('phone.defaultTemplate')}
                  value={values.deviceTemplate}
                  error={errors['deviceTemplate']}
                  onChange={(value) => set('deviceTemplate', value)}
                />
              </div>
              <IdentityFields values={phone.values} set={phone.set} errors={errors} />
            </Stack>
          </Panel>
          <Panel
            title={t('lines.directoryNumber')}
            aside={
              <Button
                size="xs"
                variant="default"
                leftSection={<Icon name="plus" size={14} />}
                onClick={() => setExtension(true)}
              >
                {t('lines.newExtension')}
              </Button>
            }
          >
            <DirectoryNumberField
              value={values.directoryNumber}
              onChange={(value) => set('directoryNumber', value)}
              error={errors['lines']}
            />
          </Panel>
          <Panel title={t('phone.onboarding')}>
            <OnboardingFields values={phone.values} set={phone.set} errors={errors} />
          </Panel>
          <ProblemNote error={add.error} />
          <AddBar back="/device/phones" ready={values.model !== null} adding={add.isPending} />
        </Stack>
      </form>
      <NewExtension
        opened={extension}
        onClose={() => setExtension(false)}
        onSave={(directoryNumber, lineTemplate) => {
          set('directoryNumber', directoryNumber);
          set('lineTemplate', lineTemplate);
          setExtension(false);
        }}
      />
    </Page>
  );
}

function templateBody(
  { model, deviceTemplate, directoryNumber, lineTemplate }: TemplateDraft,
  draft: PhoneDraft,
): Record<string, unknown> {
  const { lines: _lines, description, ...phone } = bodyOf(draft);
  return {
    ...phone,
    model: model ?? '',
    ...(description === '' ? {} : { description }),
    ...(deviceTemplate === null ? {} : { deviceTemplate }),
    lines:
      directoryNumber.trim() === ''
        ? []
        : [{ directoryNumber: directoryNumber.trim(), ...(lineTemplate === null ? {} : { lineTemplate }) }],
  };
}

/** An existing directory number, or a new one. */
function DirectoryNumberField({
  value,
  onChange,
  error,
}: {
  value: string;
  onChange: (value: string) => void;
  error: string | undefined;
}) {
  const { t } = useText();
  const [search] = useDebouncedValue(value.trim(), 200);
  const lines = useQuery({
    queryKey: ['lines', 'suggest', search],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => (await request('GET /lines', { query: { search, limit: 20 }, signal })).body.items,
  });
  const numbers = [
    ...new Set((lines.data ?? []).filter((each) => each.partition === '').map((each) => each.directoryNumber)),
  ];
  return (
    <Autocomplete
      label={t('lines.directoryNumber')}
      description={t('lines.directoryNumberHelp')}
      inputMode="tel"
      data={numbers}
      filter={({ options }) => options}
      value={value}
      error={error}
      onChange={onChange}
    />
  );
}

function NewExtension({
  opened,
  onClose,
  onSave,
}: {
  opened: boolean;
  onClose: () => void;
  onSave: (directoryNumber: string, lineTemplate: string | null) => void;
}) {
  const { t } = useText();
  const [directoryNumber, setDirectoryNumber] = useState('');
  const [lineTemplate, setLineTemplate] = useState<string | null>(null);
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('lines.newExtension')}
      centered
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          event.stopPropagation();
          onSave(directoryNumber, lineTemplate);
        }}
      >
        <Stack>
          <TextInput
            label={t('lines.directoryNumber')}
            required
            data-autofocus
            inputMode="tel"
            pattern="\+?[0-9*#]{1,23}"
            title={t('lines.directoryNumberForm')}
            value={directoryNumber}
            onChange={(event) => setDirectoryNumber(event.currentTarget.value)}
          />
          <ReferenceField
            label={t('lines.lineTemplate')}
            description={t('lines.lineTemplateHelp')}
            path="/universal-line-templates"
            none={t('phone.defaultTemplate')}
            value={lineTemplate}
            onChange={setLineTemplate}
          />
          <Button type="submit">{t('action.save')}</Button>
        </Stack>
      </form>
    </Modal>
  );
}
