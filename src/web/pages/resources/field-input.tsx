import {
  ActionIcon,
  Button,
  Group,
  NumberInput,
  Select,
  Stack,
  Switch,
  TagsInput,
  Text,
  TextInput,
} from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { request } from '../../api/client.ts';
import { ReferenceField } from '../../components/fields.tsx';
import { Icon } from '../../components/icon.tsx';
import { useText } from '../../i18n/use-text.ts';
import { type FieldDefinition, type FieldLimits, modelNames } from './definitions.ts';

export interface FieldInputProps {
  readonly field: FieldDefinition;
  readonly limits: FieldLimits;
  readonly label: string;
  readonly help: string | undefined;
  readonly value: unknown;
  readonly error: string | undefined;
  readonly disabled: boolean;
  readonly required: boolean;
  readonly onChange: (value: unknown) => void;
}

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
          clearable
          placeholder={t(field.none)}
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

const kinds = ['line', 'speed-dial', 'blf-speed-dial', 'privacy', 'service-url', 'none'] as const;

function ButtonsField({
  label,
  help,
  error,
  value,
  onChange,
  disabled,
}: FieldInputProps & { value: readonly string[] }) {
  const { t, lookup } = useText();
  return (
    <fieldset className="fr-set" disabled={disabled}>
      <legend>{label}</legend>
      {help !== undefined && <Text className="fr-help">{help}</Text>}
      <ol className="fr-buttons">
        {value.map((button, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a button is its place
          <li key={index}>
            <Select
              aria-label={t('buttons.button', { number: index + 1 })}
              data={kinds.map((each) => ({ value: each, label: lookup('button', each) }))}
              allowDeselect={false}
              value={button}
              disabled={disabled || index === 0}
              onChange={(next) => onChange(value.map((each, at) => (at === index ? next : each)))}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              disabled={disabled || value.length === 1}
              aria-label={t('buttons.remove', { number: index + 1 })}
              onClick={() => onChange(value.filter((_, at) => at !== index))}
            >
              <Icon name="trash" size={16} />
            </ActionIcon>
          </li>
        ))}
      </ol>
      <FieldError text={error} />
      <Button
        variant="default"
        size="xs"
        leftSection={<Icon name="plus" size={14} />}
        disabled={disabled || value.length >= 100}
        onClick={() => onChange([...value, 'speed-dial'])}
      >
        {t('buttons.add')}
      </Button>
    </fieldset>
  );
}

interface Member {
  readonly node: string;
  readonly priority: number;
}

/** The nodes of a group, first choice first; places become priorities. */
function MembersField({
  label,
  help,
  error,
  value,
  onChange,
  disabled,
}: FieldInputProps & { value: readonly Member[] }) {
  const { t } = useText();
  const nodes = useQuery({
    queryKey: ['nodes', 'names'],
    queryFn: async ({ signal }) =>
      (await request<{ items: readonly { name: string }[] }>('GET', '/nodes', { signal })).body.items.map(
        (each) => each.name,
      ),
  });
  const members = [...value].sort((a, b) => a.priority - b.priority).map((each) => each.node);
  const put = (next: readonly string[]) => onChange(next.map((node, priority) => ({ node, priority })));
  const free = (nodes.data ?? []).filter((each) => !members.includes(each));
  return (
    <fieldset className="fr-set" disabled={disabled}>
      <legend>{label}</legend>
      {help !== undefined && <Text className="fr-help">{help}</Text>}
      {members.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('members.none')}
        </Text>
      )}
      <ol className="fr-members">
        {members.map((node, index) => (
          <li key={node}>
            <span className="fr-grow">{node}</span>
            <ActionIcon
              variant="subtle"
              color="gray"
              disabled={disabled || index === 0}
              aria-label={t('members.up', { node })}
              onClick={() =>
                put(members.map((each, at) => (at === index ? members[index - 1]! : at === index - 1 ? node : each)))
              }
            >
              <Icon name="arrowUp" size={16} />
            </ActionIcon>
            <ActionIcon
              variant="subtle"
              color="gray"
              disabled={disabled}
              aria-label={t('members.remove', { node })}
              onClick={() => put(members.filter((each) => each !== node))}
            >
              <Icon name="trash" size={16} />
            </ActionIcon>
          </li>
        ))}
      </ol>
      <FieldError text={error} />
      {free.length > 0 && members.length < 5 && (
        <Select
          aria-label={t('members.add')}
          placeholder={t('members.add')}
          data={free}
          value={null}
          disabled={disabled}
          onChange={(node) => node !== null && put([...members, node])}
        />
      )}
    </fieldset>
  );
}

/** Product specific settings: a name and what it is set to. */
function SettingsField({
  label,
  help,
  error,
  value,
  onChange,
  disabled,
}: FieldInputProps & { value: Readonly<Record<string, string>> }) {
  const { t } = useText();
  const entries = Object.entries(value);
  const put = (next: readonly (readonly [string, string])[]) => onChange(Object.fromEntries(next));
  return (
    <fieldset className="fr-set" disabled={disabled}>
      <legend>{label}</legend>
      {help !== undefined && <Text className="fr-help">{help}</Text>}
      <Stack gap="xs">
        {entries.map(([setting, text], index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the name is being typed
          <Group key={index} gap="xs" wrap="nowrap">
            <TextInput
              className="fr-grow"
              aria-label={t('settings.name', { number: index + 1 })}
              value={setting}
              onChange={(event) =>
                put(entries.map((each, at) => (at === index ? [event.currentTarget.value, text] : each)))
              }
            />
            <TextInput
              className="fr-grow"
              aria-label={t('settings.value', { name: setting })}
              value={text}
              onChange={(event) =>
                put(entries.map((each, at) => (at === index ? [setting, event.currentTarget.value] : each)))
              }
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              disabled={disabled}
              aria-label={t('settings.remove', { name: setting })}
              onClick={() => put(entries.filter((_, at) => at !== index))}
            >
              <Icon name="trash" size={16} />
            </ActionIcon>
          </Group>
        ))}
        <FieldError text={error} />
        <div>
          <Button
            variant="default"
            size="xs"
            leftSection={<Icon name="plus" size={14} />}
            disabled={disabled || '' in value}
            onClick={() => put([...entries, ['', '']])}
          >
            {t('settings.add')}
          </Button>
        </div>
      </Stack>
    </fieldset>
  );
}

function FieldError({ text }: { text: string | undefined }) {
  if (text === undefined) return null;
  return (
    <Text size="sm" c="var(--mantine-color-error)" role="alert">
      {text}
    </Text>
  );
}
