import { Checkbox, Select, Stack, TextInput } from '@mantine/core';
import { phoneModels } from '../../../identifiers/phone-model.ts';
import { ReferenceField, UserField } from '../../components/fields.tsx';
import { useText } from '../../i18n/use-text.ts';
import type { PhoneDraft } from './phone-form.ts';

export interface PhoneFieldsProps {
  readonly values: PhoneDraft;
  readonly set: <K extends keyof PhoneDraft>(field: K, value: PhoneDraft[K]) => void;
  readonly errors: Readonly<Record<string, string | undefined>>;
  readonly disabled?: boolean;
}

export function ModelField({
  value,
  error,
  onChange,
}: {
  value: string | null;
  error: string | undefined;
  onChange: (model: string | null) => void;
}) {
  const { t } = useText();
  return (
    <Select
      label={t('phone.model')}
      description={t('phone.modelHelp')}
      required
      searchable
      data={phoneModels.map((each) => String(each.name))}
      value={value}
      error={error}
      onChange={onChange}
      nothingFoundMessage={t('field.nothingFound')}
    />
  );
}

export function IdentityFields({ values, set, errors, disabled = false }: PhoneFieldsProps) {
  const { t } = useText();
  return (
    <div className="fr-fields">
      <TextInput
        label={t('phone.mac')}
        description={t('phone.macHelp')}
        placeholder={t('phone.macBlank')}
        value={values.mac}
        error={errors['mac']}
        disabled={disabled}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => set('mac', event.currentTarget.value)}
      />
      <TextInput
        label={t('phone.description')}
        description={t('phone.descriptionHelp')}
        maxLength={128}
        value={values.description}
        error={errors['description']}
        disabled={disabled}
        onChange={(event) => set('description', event.currentTarget.value)}
      />
      <UserField
        label={t('phone.owner')}
        description={t('phone.ownerHelp')}
        value={values.ownerUserId}
        error={errors['ownerUserId']}
        disabled={disabled}
        onChange={(value) => set('ownerUserId', value)}
      />
    </div>
  );
}

/** `fallback`: what an empty choice means; absent when there must be one. */
export function SettingFields({
  values,
  set,
  errors,
  disabled = false,
  model,
  fallback,
}: PhoneFieldsProps & { model: string; fallback?: string }) {
  const { t } = useText();
  const none = fallback === undefined ? {} : { none: fallback };
  const field = (
    name: 'devicePool' | 'phoneButtonTemplate' | 'phoneSecurityProfile' | 'sipProfile' | 'commonPhoneProfile',
  ) => ({
    value: values[name],
    error: errors[name],
    disabled,
    onChange: (value: string | null) => set(name, value ?? ''),
    ...none,
  });
  return (
    <div className="fr-fields">
      <ReferenceField
        label={t('phone.devicePool')}
        description={t('phone.devicePoolHelp')}
        path="/device-pools"
        {...field('devicePool')}
      />
      <ReferenceField
        label={t('phone.phoneButtonTemplate')}
        description={t('phone.phoneButtonTemplateHelp')}
        path="/phone-button-templates"
        keep={(each) => each['model'] === null || model === '' || each['model'] === model}
        {...field('phoneButtonTemplate')}
      />
      <ReferenceField
        label={t('phone.phoneSecurityProfile')}
        description={t('phone.phoneSecurityProfileHelp')}
        path="/phone-security-profiles"
        {...field('phoneSecurityProfile')}
      />
      <ReferenceField
        label={t('phone.sipProfile')}
        description={t('phone.sipProfileHelp')}
        path="/sip-profiles"
        {...field('sipProfile')}
      />
      <ReferenceField
        label={t('phone.commonPhoneProfile')}
        description={t('phone.commonPhoneProfileHelp')}
        path="/common-phone-profiles"
        {...field('commonPhoneProfile')}
      />
    </div>
  );
}

export function OnboardingFields({ values, set, errors, disabled = false }: PhoneFieldsProps) {
  const { t } = useText();
  return (
    <Stack gap="md">
      <Checkbox
        label={t('phone.requiresActivationCode')}
        description={t('phone.requiresActivationCodeHelp')}
        checked={values.requiresActivationCode}
        disabled={disabled}
        error={errors['requiresActivationCode']}
        onChange={(event) => {
          set('requiresActivationCode', event.currentTarget.checked);
          if (!event.currentTarget.checked) set('allowActivationCodeViaMra', false);
        }}
      />
      <Checkbox
        label={t('phone.allowActivationCodeViaMra')}
        description={t('phone.allowActivationCodeViaMraHelp')}
        checked={values.allowActivationCodeViaMra}
        disabled={disabled || (!values.requiresActivationCode && !values.allowActivationCodeViaMra)}
        error={errors['allowActivationCodeViaMra']}
        onChange={(event) => set('allowActivationCodeViaMra', event.currentTarget.checked)}
      />
      {values.allowActivationCodeViaMra && (
        <ReferenceField
          path="/mra-service-domains"
          label={t('phone.mraServiceDomain')}
          description={t('phone.mraServiceDomainHelp')}
          none={t('phone.mraServiceDomainNone')}
          value={values.mraServiceDomain}
          disabled={disabled}
          error={errors['mraServiceDomain']}
          onChange={(next) => set('mraServiceDomain', next)}
        />
      )}
    </Stack>
  );
}
