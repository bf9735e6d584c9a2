import { ActionIcon, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { FieldError } from '../../components/field-error.tsx';
import { ReferenceField } from '../../components/fields.tsx';
import { Icon } from '../../components/icon.tsx';
import { useText } from '../../i18n/use-text.ts';
import { type LineDraft, newLine } from './phone-form.ts';

/** The lines of a phone in the order of its keys. */
export function LineEditor({
  lines,
  onChange,
  error,
  disabled = false,
}: {
  lines: readonly LineDraft[];
  onChange: (lines: readonly LineDraft[]) => void;
  error?: string | undefined;
  disabled?: boolean;
}) {
  const { t } = useText();
  const change = (index: number, part: Partial<LineDraft>) =>
    onChange(lines.map((line, at) => (at === index ? { ...line, ...part } : line)));
  const swap = (index: number, other: number) =>
    onChange(lines.map((line, at) => (at === index ? lines[other]! : at === other ? lines[index]! : line)));
  return (
    <Stack gap="sm">
      {lines.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('lines.none')}
        </Text>
      )}
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
        <fieldset key={index} className="fr-line" disabled={disabled}>
          <legend>{t('lines.line', { number: index + 1 })}</legend>
          <div className="fr-line-fields">
            <TextInput
              label={t('lines.directoryNumber')}
              required
              inputMode="tel"
              value={line.directoryNumber}
              onChange={(event) => change(index, { directoryNumber: event.currentTarget.value })}
            />
            <ReferenceField
              label={t('lines.partition')}
              path="/route-partitions"
              none={t('field.none')}
              value={line.partition}
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
          </div>
          {!disabled && (
            <Group gap={2} className="fr-line-tools">
              <ActionIcon
                variant="subtle"
                color="gray"
                disabled={index === 0}
                aria-label={t('lines.up', { number: index + 1 })}
                onClick={() => swap(index, index - 1)}
              >
                <Icon name="arrowUp" size={16} />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                color="gray"
                disabled={index === lines.length - 1}
                aria-label={t('lines.down', { number: index + 1 })}
                onClick={() => swap(index, index + 1)}
              >
                <Icon name="arrowDown" size={16} />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t('lines.remove', { number: index + 1 })}
                onClick={() => onChange(lines.filter((_, at) => at !== index))}
              >
                <Icon name="trash" size={16} />
              </ActionIcon>
            </Group>
          )}
        </fieldset>
      ))}
      <FieldError text={error} />
      {!disabled && (
        <Button
          variant="default"
          size="xs"
          leftSection={<Icon name="plus" size={14} />}
          onClick={() => onChange([...lines, newLine])}
        >
          {t('lines.add')}
        </Button>
      )}
    </Stack>
  );
}
