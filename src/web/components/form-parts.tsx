import { Alert, Button, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { isProblem } from '../api/problem.ts';
import { useText } from '../i18n/use-text.ts';
import { Icon } from './icon.tsx';
import { othersChangesWords } from './others-changes-words.ts';
import { ProblemNote, useProblemText } from './problem-note.tsx';
import { fieldOf } from './use-draft.ts';

/** What keeps a change from being saved; of a conflict, that theirs is shown and what was typed is kept. */
export function SaveProblem({ error }: { error: unknown }) {
  const { t } = useText();
  if (!isProblem(error, 'version_conflict')) return <ProblemNote error={error} />;
  return (
    <Alert color="yellow" variant="light" icon={<Icon name="alert" />} role="alert" title={t('conflict.title')}>
      {t('conflict.text')}
    </Alert>
  );
}

/** The bar under a form that changes something. */
export function SaveBar({
  dirty,
  clashing = false,
  saving,
  onUndo,
  onSave,
  status,
}: {
  dirty: boolean;
  /** Somebody else changed the same field, and the reader has not chosen yet. */
  clashing?: boolean;
  saving: boolean;
  onUndo: () => void;
  /** Absent: the button submits the form it is in. */
  onSave?: () => void;
  /** In place of "not saved". */
  status?: ReactNode;
}) {
  const { t, language } = useText();
  return (
    <div className="fr-save-bar" data-dirty={dirty || undefined}>
      <Text size="sm" c="dimmed" role="status">
        {clashing
          ? othersChangesWords[language].decideFirst
          : dirty
            ? (status ?? t('form.unsaved'))
            : t('form.allSaved')}
      </Text>
      <Button variant="default" disabled={!dirty} onClick={onUndo}>
        {t('action.undo')}
      </Button>
      <Button
        type={onSave === undefined ? 'submit' : 'button'}
        disabled={!dirty || clashing}
        loading={saving}
        {...(onSave === undefined ? {} : { onClick: onSave })}
      >
        {t('action.save')}
      </Button>
    </div>
  );
}

/** The bar under a form that adds something; it submits the form it is in. */
export function AddBar({
  back,
  ready,
  adding,
  submit,
}: {
  back: string;
  ready: boolean;
  adding: boolean;
  submit?: string;
}) {
  const { t } = useText();
  return (
    <div className="fr-save-bar">
      <Button component={Link} to={back} variant="default">
        {t('action.cancel')}
      </Button>
      <Button type="submit" disabled={!ready} loading={adding}>
        {submit ?? t('action.add')}
      </Button>
    </div>
  );
}

/** What a problem says at the field it is about, by the name of that field. */
export function useFieldErrors(error: unknown): Readonly<Record<string, string>> {
  const textOf = useProblemText();
  const field = fieldOf(error);
  if (field === undefined) return {};
  const { message, remedy } = textOf(error);
  return { [field]: [message, remedy].filter(Boolean).join(' ') };
}

export type Fact = readonly [label: string, value: ReactNode];

/** Labels and what stands for them. */
export function Facts({ facts }: { facts: readonly (Fact | undefined)[] }) {
  return (
    <dl className="fr-facts">
      {facts.map(
        (fact) =>
          fact !== undefined && (
            <div key={fact[0]}>
              <dt>{fact[0]}</dt>
              <dd>{fact[1]}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
