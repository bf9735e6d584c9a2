import { Checkbox, Stack, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { NodeAutoRegistrationView } from '../../../contract/auto-registration.ts';
import { request } from '../../api/client.ts';
import { isProblem } from '../../api/problem.ts';
import { ReferenceField } from '../../components/fields.tsx';
import { Facts, SaveBar, SaveProblem, useFieldErrors } from '../../components/form-parts.tsx';
import { OthersChanges } from '../../components/others-changes.tsx';
import { Panel } from '../../components/page.tsx';
import { Status } from '../../components/status.tsx';
import { UnsavedGuard } from '../../components/unsaved-guard.tsx';
import { useDraft } from '../../components/use-draft.ts';
import { useText } from '../../i18n/use-text.ts';
import { usePermission } from '../../session/session.ts';

const labels = {
  startingDirectoryNumber: 'autoReg.starting',
  endingDirectoryNumber: 'autoReg.ending',
  disabled: 'autoReg.disabled',
  universalDeviceTemplate: 'autoReg.deviceTemplate',
  universalLineTemplate: 'lines.lineTemplate',
} as const;

/** One node: what it gives out, from what, and how much is left. */
export function NodePanel({ node }: { node: NodeAutoRegistrationView }) {
  const { t, formatNumber, language } = useText();
  const can = usePermission();
  const queries = useQueryClient();
  const draft = useDraft(
    {
      startingDirectoryNumber: node.startingDirectoryNumber,
      endingDirectoryNumber: node.endingDirectoryNumber,
      disabled: node.disabled,
      universalDeviceTemplate: node.universalDeviceTemplate,
      universalLineTemplate: node.universalLineTemplate,
    },
    node.version,
  );
  const save = useMutation({
    mutationFn: () =>
      request('PUT /nodes/{name}/auto-registration', {
        path: { name: node.node },
        body: draft.changes,
        version: draft.version,
      }),
    onSuccess: async () => {
      draft.reset();
      notifications.show({ message: t('resource.saved', { name: node.node }) });
      await queries.invalidateQueries({ queryKey: ['auto-registration'] });
    },
    onError: async (error) => {
      if (isProblem(error, 'version_conflict')) await queries.invalidateQueries({ queryKey: ['auto-registration'] });
    },
  });
  const errors = useFieldErrors(save.error);
  const disabled = !can('system.write');
  const { values, set } = draft;
  return (
    <Panel
      title={node.node}
      aside={
        node.serving ? (
          <Status tone="good">{t('autoReg.serving')}</Status>
        ) : (
          <Status tone="quiet">{node.on ? t('autoReg.ready') : t('autoReg.off')}</Status>
        )
      }
    >
      <UnsavedGuard dirty={draft.dirty} />
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack gap="md">
          <Checkbox
            label={t('autoReg.disabled')}
            checked={values.disabled}
            disabled={disabled}
            onChange={(event) => set('disabled', event.currentTarget.checked)}
          />
          <div className="fr-fields">
            <TextInput
              label={t('autoReg.starting')}
              description={t('autoReg.startingHelp')}
              inputMode="numeric"
              required
              maxLength={15}
              disabled={disabled}
              value={values.startingDirectoryNumber}
              error={errors['startingDirectoryNumber']}
              onChange={(event) => set('startingDirectoryNumber', event.currentTarget.value.trim())}
            />
            <TextInput
              label={t('autoReg.ending')}
              description={t('autoReg.endingHelp')}
              inputMode="numeric"
              required
              maxLength={15}
              disabled={disabled}
              value={values.endingDirectoryNumber}
              error={errors['endingDirectoryNumber']}
              onChange={(event) => set('endingDirectoryNumber', event.currentTarget.value.trim())}
            />
            <ReferenceField
              label={t('autoReg.deviceTemplate')}
              path="/universal-device-templates"
              none={t('phone.defaultTemplate')}
              disabled={disabled}
              value={values.universalDeviceTemplate}
              error={errors['universalDeviceTemplate']}
              onChange={(value) => set('universalDeviceTemplate', value)}
            />
            <ReferenceField
              label={t('lines.lineTemplate')}
              path="/universal-line-templates"
              none={t('phone.defaultTemplate')}
              disabled={disabled}
              value={values.universalLineTemplate}
              error={errors['universalLineTemplate']}
              onChange={(value) => set('universalLineTemplate', value)}
            />
          </div>
          {node.numbersTotal > 1 && (
            <Facts
              facts={[
                [
                  t('autoReg.numbers'),
                  t('autoReg.numbersUsed', {
                    used: formatNumber(node.numbersUsed),
                    total: formatNumber(node.numbersTotal),
                  }),
                ],
                [t('autoReg.next'), node.nextDirectoryNumber ?? '–'],
                [t('autoReg.last'), node.lastDirectoryNumber ?? '–'],
              ]}
            />
          )}
          <OthersChanges draft={draft} language={language} label={(field) => t(labels[field])} />
          <SaveProblem error={save.error} />
          {!disabled && (
            <SaveBar dirty={draft.dirty} clashing={draft.clashing} saving={save.isPending} onUndo={draft.reset} />
          )}
        </Stack>
      </form>
    </Panel>
  );
}
