import { Alert, Button, Group, List, Stack, Text } from '@mantine/core';
import { Icon } from './icon.tsx';
import type { OthersChange } from './merge-draft.ts';
import { type OthersChangesWords, othersChangesWords } from './others-changes-words.ts';
import type { Draft } from './use-draft.ts';

interface OthersChangesProps<T extends object> {
  readonly draft: Draft<T>;
  readonly language: 'en' | 'zh-CN';
  readonly label: (field: keyof T & string) => string;
  /** What a value is called; undefined: as it is. */
  readonly show?: (field: keyof T & string, value: unknown) => string | undefined;
}

/** What somebody else saved while this form was being filled in; where both changed one field, the reader chooses. */
export function OthersChanges<T extends object>({ draft, language, label, show }: OthersChangesProps<T>) {
  const words = othersChangesWords[language];
  if (draft.others.length === 0) return null;
  const text = (field: keyof T & string, value: unknown) => show?.(field, value) ?? plainText(value, words);
  const row = (each: OthersChange<T>) => (
    <List.Item key={each.field}>
      <Text size="sm" component="span">
        <strong>{label(each.field)}</strong>: {words.fromTo(text(each.field, each.was), text(each.field, each.theirs))}
      </Text>
      {each.clash && (
        <Stack gap={4} mt={4}>
          <Text size="sm">{words.decide}</Text>
          <Group gap="xs">
            <Button size="compact-sm" variant="default" onClick={() => draft.keepMine(each.field)}>
              {words.keepMine(text(each.field, draft.values[each.field]))}
            </Button>
            <Button size="compact-sm" variant="default" onClick={() => draft.takeTheirs(each.field)}>
              {words.takeTheirs(text(each.field, each.theirs))}
            </Button>
          </Group>
        </Stack>
      )}
    </List.Item>
  );
  return (
    <Alert color="yellow" variant="light" icon={<Icon name="alert" />} role="alert" title={words.title}>
      <Stack gap="xs">
        <List size="sm" spacing={6}>
          {draft.others.map(row)}
        </List>
        <Text size="sm">{words.kept}</Text>
      </Stack>
    </Alert>
  );
}

/** Values as people read them: lists by their names, groups of settings by their entries. */
export function plainText(value: unknown, words: Pick<OthersChangesWords, 'yes' | 'no' | 'empty'>): string {
  if (value === undefined || value === null || value === '') return words.empty;
  if (typeof value === 'boolean') return value ? words.yes : words.no;
  if (Array.isArray(value)) return value.map((entry) => plainText(entry, words)).join(', ') || words.empty;
  if (typeof value === 'object')
    return Object.values(value)
      .filter((part) => part !== null && part !== '')
      .map((part) => plainText(part, words))
      .join(' · ');
  return String(value);
}
