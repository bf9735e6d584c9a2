import { Checkbox, Stack, Textarea, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { CloudOnboardingView } from '../../../contract/cloud-onboarding.ts';
import { request } from '../../api/client.ts';
import { isProblem } from '../../api/problem.ts';
import { SaveBar, SaveProblem, useFieldErrors } from '../../components/form-parts.tsx';
import { OthersChanges } from '../../components/others-changes.tsx';
import { Panel } from '../../components/page.tsx';
import { UnsavedGuard } from '../../components/unsaved-guard.tsx';
import { useDraft } from '../../components/use-draft.ts';
import { useText } from '../../i18n/use-text.ts';
import { usePermission } from '../../session/session.ts';
import { cloudOnboardingKey } from './cloud-onboarding-key.ts';

const labels = {
  address: 'cloud.address',
  certificateAuthority: 'cloud.authority',
  enableActivationCodeOnboarding: 'cloud.enable',
  allowMraOnboarding: 'cloud.allow',
  mraActivationDomain: 'cloud.domain',
} as const;

/** The settings of Cloud Onboarding. "Allow MRA Onboarding" is ticked and grey while it has to be on. */
export function CloudSettingsPanel({
  onboarding,
  version,
}: {
  onboarding: CloudOnboardingView;
  version: number | undefined;
}) {
  const { t, language } = useText();
  const can = usePermission();
  const queries = useQueryClient();
  const draft = useDraft(
    {
      address: onboarding.address,
      certificateAuthority: onboarding.certificateAuthority,
      enableActivationCodeOnboarding: onboarding.enableActivationCodeOnboarding,
      allowMraOnboarding: onboarding.allowMraOnboarding,
      mraActivationDomain: onboarding.mraActivationDomain ?? '',
    },
    version,
  );
  const save = useMutation({
    mutationFn: () => request('PATCH /cloud-onboarding', { body: draft.changes, version: draft.version }),
    onSuccess: async (answer) => {
      draft.reset();
      queries.setQueryData(cloudOnboardingKey, answer);
      notifications.show({ message: t('cloud.saved') });
      await queries.invalidateQueries();
    },
    onError: async (error) => {
      if (isProblem(error, 'version_conflict')) await queries.invalidateQueries({ queryKey: cloudOnboardingKey });
    },
  });
  const errors = useFieldErrors(save.error);
  const { values, set } = draft;
  const readOnly = !can('system.write');
  const forced = onboarding.allowMraOnboardingForced;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <UnsavedGuard dirty={draft.dirty && !save.isPending} />
      <Stack gap="lg">
        <Panel title={t('cloud.settings')}>
          <Stack gap="md">
            <TextInput
              label={t('cloud.address')}
              description={t('cloud.addressHelp')}
              error={errors['address']}
              maxLength={280}
              disabled={readOnly}
              value={values.address}
              onChange={(event) => set('address', event.currentTarget.value)}
            />
            <Textarea
              label={t('cloud.authority')}
              description={t('cloud.authorityHelp')}
              error={errors['certificateAuthority']}
              autosize
              minRows={2}
              maxRows={8}
              spellCheck={false}
              disabled={readOnly}
              value={values.certificateAuthority}
              onChange={(event) => set('certificateAuthority', event.currentTarget.value)}
            />
            <TextInput
              label={t('cloud.domain')}
              description={t('cloud.domainHelp')}
              error={errors['mraActivationDomain']}
              maxLength={280}
              disabled={readOnly}
              value={values.mraActivationDomain}
              onChange={(event) => set('mraActivationDomain', event.currentTarget.value)}
            />
            <Checkbox
              label={t('cloud.enable')}
              description={t('cloud.enableHelp')}
              disabled={readOnly}
              checked={values.enableActivationCodeOnboarding}
              onChange={(event) => set('enableActivationCodeOnboarding', event.currentTarget.checked)}
            />
            <Checkbox
              label={t('cloud.allow')}
              description={
                forced
                  ? t('cloud.allowForced', { models: onboarding.autoRegistrationModels.join(', ') })
                  : t('cloud.allowHelp')
              }
              error={errors['allowMraOnboarding']}
              disabled={readOnly || forced}
              checked={forced || values.allowMraOnboarding}
              onChange={(event) => set('allowMraOnboarding', event.currentTarget.checked)}
            />
          </Stack>
        </Panel>
        <OthersChanges draft={draft} language={language} label={(field) => t(labels[field])} />
        <SaveProblem error={save.error} />
        {!readOnly && (
          <SaveBar dirty={draft.dirty} clashing={draft.clashing} saving={save.isPending} onUndo={draft.reset} />
        )}
      </Stack>
    </form>
  );
}
