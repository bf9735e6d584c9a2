import { ActionIcon, Button, Group, NumberInput, Stack, Text, TextInput } from '@mantine/core';
import { FieldError } from '../../components/field-error.tsx';
import { ReferenceField } from '../../components/fields.tsx';
import { Icon } from '../../components/icon.tsx';
import { useText } from '../../i18n/use-text.ts';
import type { FieldInputProps } from './field-input-props.ts';

/** A line of a phone template; its number comes from the file. */
export interface TemplateLineDraft {
  readonly partition: string;
  readonly label: string;
  readonly display: string;
  readonly maxCalls: number;
  readonly busyTrigger: number;
}

const newLine: TemplateLineDraft = { partition: '', label: '', display: '', maxCalls: 4, busyTrigger: 2 };

/** The lines of a phone template: a file may have as many, not more. */
export function TemplateLinesField({
  label,
  help,
  error,
  value,
  onChange,
  disabled,
}: FieldInputProps & { value: readonly TemplateLineDraft[] }) {
  const { t, lookup } = useText();
  const change = (index: number, part: Partial<TemplateLineDraft>) =>
    onChange(value.map((line, at) => (at === index ? { ...line, ...part } : line)));
  const number = (next: string | number) => (typeof next === 'number' ? next : Number(next));
  return (
    <fieldset className="fr-set" disabled={disabled}>
      <legend>{label}</legend>
      {help !== undefined && <Text className="fr-help">{help}</Text>}
      <Stack gap="sm">
        {value.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
          <fieldset key={index} className="fr-line" disabled={disabled}>
            <legend>{t('lines.line', { number: index + 1 })}</legend>
            <div className="fr-line-fields">
              <ReferenceField
                label={t('lines.partition')}
                path="/route-partitions"
                none={t('field.none')}
                value={line.partition}
                disabled={disabled}
                onChange={(partition) => change(index, { partition: partition ?? '' })}
              />
              <TextInput
                label={t('lines.label')}
                value={line.label}
                onChange={(event) => change(index, { label: event.currentTarget.value })}
              />
              <TextInput
                label={t('lines.display')}
                value={line.display}
                onChange={(event) => change(index, { display: event.currentTarget.value })}
              />
              <NumberInput
                label={lookup('field.common', 'maxCalls')}
                min={1}
                max={200}
                value={line.maxCalls}
                onChange={(next) => change(index, { maxCalls: number(next) })}
              />
              <NumberInput
                label={lookup('field.common', 'busyTrigger')}
                min={1}
                max={200}
                value={line.busyTrigger}
                onChange={(next) => change(index, { busyTrigger: number(next) })}
              />
            </div>
            {!disabled && (
              <Group className="fr-line-tools">
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={t('lines.remove', { number: index + 1 })}
                  onClick={() => onChange(value.filter((_, at) => at !== index))}
                >
                  <Icon name="trash" size={16} />
                </ActionIcon>
              </Group>
            )}
          </fieldset>
        ))}
        <FieldError text={error} />
        {!disabled && value.length < 100 && (
          <div>
            <Button
              variant="default"
              size="xs"
              leftSection={<Icon name="plus" size={14} />}
              onClick={() => onChange([...value, newLine])}
            >
              {t('lines.add')}
            </Button>
          </div>
        )}
      </Stack>
    </fieldset>
  );
}
