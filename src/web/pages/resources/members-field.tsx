import { ActionIcon, Select, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { request } from '../../api/client.ts';
import { FieldError } from '../../components/field-error.tsx';
import { Icon } from '../../components/icon.tsx';
import { useText } from '../../i18n/use-text.ts';
import type { FieldInputProps } from './field-input-props.ts';

export interface Member {
  readonly node: string;
  readonly priority: number;
}

/** The nodes of a group, first choice first; places become priorities. */
export function MembersField({
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
    queryFn: async ({ signal }) => (await request('GET /nodes', { signal })).body.items.map((each) => each.name),
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
