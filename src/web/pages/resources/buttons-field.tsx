import { ActionIcon, Button, Select, Text } from '@mantine/core';
import { FieldError } from '../../components/field-error.tsx';
import { Icon } from '../../components/icon.tsx';
import { useText } from '../../i18n/use-text.ts';
import type { FieldInputProps } from './field-input-props.ts';

const kinds = ['line', 'speed-dial', 'blf-speed-dial', 'privacy', 'service-url', 'none'] as const;

/** What each key of a phone does. */
export function ButtonsField({
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
