import { ActionIcon, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { FieldError } from '../../components/field-error.tsx';
import { Icon } from '../../components/icon.tsx';
import { useText } from '../../i18n/use-text.ts';
import type { FieldInputProps } from './field-input-props.ts';

/** Product specific settings: a name and what it is set to. */
export function SettingsField({
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
