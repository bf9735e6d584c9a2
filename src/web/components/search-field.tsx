import { CloseButton, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useState } from 'react';
import { useText } from '../i18n/use-text.ts';
import { Icon } from './icon.tsx';

/** Searches while typing, a moment after the last key. */
export function SearchField({
  value,
  onSearch,
  label,
}: {
  value: string;
  onSearch: (text: string) => void;
  label: string;
}) {
  const { t } = useText();
  const [text, setText] = useState(value);
  const search = useDebouncedCallback(onSearch, 150);
  return (
    <TextInput
      className="fr-search-field"
      aria-label={label}
      placeholder={label}
      type="search"
      value={text}
      leftSection={<Icon name="search" size={16} />}
      rightSection={
        text === '' ? null : (
          <CloseButton
            size="sm"
            aria-label={t('field.clear')}
            onClick={() => {
              setText('');
              onSearch('');
            }}
          />
        )
      }
      onChange={(event) => {
        setText(event.currentTarget.value);
        search(event.currentTarget.value.trim());
      }}
    />
  );
}
