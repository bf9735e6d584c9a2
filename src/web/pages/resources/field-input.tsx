import { NumberInput, Select, Switch, TagsInput, TextInput } from '@mantine/core';
import { useMemo } from 'react';
import { ReferenceField, UserField } from '../../components/fields.tsx';
import { useText } from '../../i18n/use-text.ts';
import { ButtonsField } from './buttons-field.tsx';
import { modelNames } from './definitions.ts';
import type { FieldInputProps } from './field-input-props.ts';
import { type Member, MembersField } from './members-field.tsx';
import { SettingsField } from './settings-field.tsx';
import { type TemplateLineDraft, TemplateLinesField } from './template-lines-field.tsx';

export function FieldInput(props: FieldInputProps) {
  const { t, lookup, formatNumber } = useText();
  const { field, limits, value, onChange, disabled, required, label, error } = props;
  const common = { label, error, disabled, required, description: props.help };
  switch (field.kind) {
    case 'text':
      return (
        <TextInput
          {...common}
          maxLength={limits.maxLength ?? 255}
          value={String(value ?? '')}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case 'number':
      return (
        <NumberInput
          {...common}
          description={[
            props.help,
            limits.minimum !== undefined && limits.maximum !== undefined
              ? t('field.range', { minimum: formatNumber(limits.minimum), maximum: formatNumber(limits.maximum) })
              : undefined,
          ]
            .filter(Boolean)
            .join(' ')}
          min={limits.minimum ?? 0}
          max={limits.maximum ?? Number.MAX_SAFE_INTEGER}
          clampBehavior="none"
          allowDecimal={false}
          value={value as number}
          onChange={(next) => onChange(typeof next === 'number' ? next : next === '' ? null : Number(next))}
        />
      );
    case 'switch':
      return (
        <Switch
          label={label}
          description={props.help}
          error={error}
          disabled={disabled}
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case 'choice':
      return (
        <Select
          {...common}
          allowDeselect={false}
          data={[...new Set([...field.choices, String(value ?? '')])]
            .filter(Boolean)
            .map((each) => ({ value: each, label: lookup('choice', each) }))}
          value={String(value ?? '')}
          onChange={onChange}
        />
      );
    case 'reference': {
      const { none } = field;
      return (
        <ReferenceField
          {...common}
          path={field.path}
          {...(none === undefined ? {} : { none: t(none.text) })}
          value={value === '' || value === null || value === undefined ? null : String(value)}
          onChange={(next) => onChange(next ?? none?.value ?? '')}
        />
      );
    }
    case 'model':
      return (
        <Select
          {...common}
          data={[...modelNames]}
          searchable
          clearable={field.none !== undefined}
          placeholder={field.none === undefined ? undefined : t(field.none)}
          value={(value as string | null) ?? null}
          onChange={onChange}
        />
      );
    case 'timeZone':
      return <TimeZoneField {...common} value={String(value ?? '')} onChange={onChange} />;
    case 'texts':
      return (
        <TagsInput
          {...common}
          maxTags={limits.maxItems ?? 20}
          value={(value as string[] | undefined) ?? []}
          onChange={onChange}
          clearButtonProps={{ 'aria-label': t('field.clear') }}
        />
      );
    case 'user':
      return <UserField {...common} value={(value as string | null | undefined) ?? null} onChange={onChange} />;
    case 'templateLines':
      return <TemplateLinesField {...props} value={(value as readonly TemplateLineDraft[] | undefined) ?? []} />;
    case 'buttons':
      return <ButtonsField {...props} value={(value as readonly string[] | undefined) ?? ['line']} />;
    case 'members':
      return <MembersField {...props} value={(value as readonly Member[] | undefined) ?? []} />;
    case 'settings':
      return <SettingsField {...props} value={(value as Readonly<Record<string, string>> | undefined) ?? {}} />;
  }
}

function TimeZoneField({
  value,
  onChange,
  ...common
}: {
  label: string;
  value: string;
  onChange: (value: unknown) => void;
}) {
  const zones = useMemo(
    () => [...new Set(['Etc/UTC', ...Intl.supportedValuesOf('timeZone'), value])].filter(Boolean),
    [value],
  );
  return (
    <Select {...common} data={zones} searchable limit={80} allowDeselect={false} value={value} onChange={onChange} />
  );
}
