import { Button, NumberInput, Select, Stack, Switch, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { requestAt } from '../api/client.ts';
import { isProblem } from '../api/problem.ts';
import { SaveBar, SaveProblem } from '../components/form-parts.tsx';
import { OthersChanges } from '../components/others-changes.tsx';
import { Loading, Page, Panel } from '../components/page.tsx';
import { ProblemNote, useProblemText } from '../components/problem-note.tsx';
import { UnsavedGuard } from '../components/unsaved-guard.tsx';
import { useDraft } from '../components/use-draft.ts';
import type { Key } from '../i18n/texts.ts';
import { useText } from '../i18n/use-text.ts';
import { usePermission } from '../session/session.ts';
import { MailPanel } from './mail-panel.tsx';

type ParameterType =
  | { readonly kind: 'number'; readonly minimum: number; readonly maximum: number; readonly unit?: string }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  | { readonly kind: 'text'; readonly maxLength: number };

interface Parameter {
  readonly service?: string;
  readonly name: string;
  readonly group: string;
  readonly help: string;
  readonly type: ParameterType;
  readonly defaultValue: string;
  readonly value: string;
  readonly isDefault: boolean;
  readonly version: number;
}

const keyOf = (parameter: Parameter) => `${parameter.service ?? ''}/${parameter.name}`;

/** What the form holds: null, the default. */
const heldBy = (parameter: Parameter): string | null => (parameter.isDefault ? null : parameter.value);

/** As the API takes it: in its own type. */
function typed(type: ParameterType, value: string): string | number | boolean {
  if (type.kind === 'boolean') return value === 'true';
  if (type.kind === 'number') return value.trim() === '' ? value : Number(value);
  return value;
}

export const EnterpriseParametersPage = () => (
  <ParametersPage path="/enterprise-parameters" title="nav.enterpriseParameters" lead="parameters.enterpriseLead" />
);
export const ServiceParametersPage = () => (
  <ParametersPage path="/service-parameters" title="nav.serviceParameters" lead="parameters.serviceLead" />
);

/** System > Enterprise Parameters and System > Service Parameters: value, range, default and what each does. */
function ParametersPage({ path, title, lead }: { path: string; title: Key; lead: Key }) {
  const { t, lookup, language } = useText();
  const can = usePermission();
  const queries = useQueryClient();
  const [wrong, setWrong] = useState<string>();
  const parameters = useQuery({
    queryKey: ['parameters', path],
    queryFn: async ({ signal }) =>
      (await requestAt<{ items: readonly Parameter[] }>('GET', path, { signal })).body.items,
  });
  const items = parameters.data ?? [];
  const draft = useDraft(Object.fromEntries(items.map((each) => [keyOf(each), heldBy(each)])));
  const changed = items.filter((each) => keyOf(each) in draft.changes);
  const save = useMutation({
    mutationFn: async () => {
      setWrong(undefined);
      for (const each of changed) {
        const value = draft.values[keyOf(each)];
        setWrong(keyOf(each));
        const place = [each.service, each.name]
          .filter((part) => part !== undefined)
          .map(encodeURIComponent)
          .join('/');
        const { body: now } = await requestAt<Parameter>('PUT', `${path}/${place}`, {
          version: each.version,
          body: { value: value === null || value === undefined ? null : typed(each.type, value) },
        });
        queries.setQueryData<readonly Parameter[]>(['parameters', path], (all) =>
          all?.map((other) => (keyOf(other) === keyOf(now) ? now : other)),
        );
        draft.saved(keyOf(each), heldBy(now));
      }
      setWrong(undefined);
    },
    onSuccess: () => notifications.show({ message: t('parameters.saved') }),
    onSettled: () => queries.invalidateQueries(),
  });
  const mayWrite = can('system.write');
  if (parameters.isPending) return <Loading />;
  if (parameters.isError) return <ProblemNote error={parameters.error} onRetry={() => void parameters.refetch()} />;
  const groups = Map.groupBy(items, (each) => each.service ?? each.group);
  return (
    <Page title={t(title)} lead={t(lead)}>
      <UnsavedGuard dirty={changed.length > 0} />
      <form
        className="fr-narrow"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack gap="lg">
          {[...groups].map(([group, members]) => (
            <Panel key={group} title={lookup('group', group)}>
              <Stack gap="lg">
                {members.map((each) => (
                  <ParameterField
                    key={keyOf(each)}
                    parameter={each}
                    typedValue={keyOf(each) in draft.changes ? draft.changes[keyOf(each)] : undefined}
                    error={wrong === keyOf(each) && !isProblem(save.error, 'version_conflict') ? save.error : null}
                    disabled={!mayWrite}
                    onChange={(value) => draft.set(keyOf(each), value === each.value ? heldBy(each) : value)}
                  />
                ))}
              </Stack>
            </Panel>
          ))}
          <OthersChanges
            draft={draft}
            language={language}
            label={(key) => lookup('parameter', key.slice(key.indexOf('/') + 1))}
            show={(key, value) =>
              value === null ? items.find((each) => keyOf(each) === key)?.defaultValue : undefined
            }
          />
          {(wrong === undefined || isProblem(save.error, 'version_conflict')) && <SaveProblem error={save.error} />}
          {mayWrite ? (
            <SaveBar dirty={draft.dirty} clashing={draft.clashing} saving={save.isPending} onUndo={draft.reset} />
          ) : (
            <Text size="sm" c="dimmed">
              {t('page.readOnly')}
            </Text>
          )}
        </Stack>
      </form>
      {path === '/enterprise-parameters' && (
        <div className="fr-narrow">
          <MailPanel />
        </div>
      )}
    </Page>
  );
}

interface ParameterFieldProps {
  readonly parameter: Parameter;
  /** null: back to the default; undefined: as it is. */
  readonly typedValue: string | null | undefined;
  readonly error: unknown;
  readonly disabled: boolean;
  readonly onChange: (value: string | null) => void;
}

function ParameterField({ parameter, typedValue, error, disabled, onChange }: ParameterFieldProps) {
  const { t, lookup, formatNumber } = useText();
  const textOf = useProblemText();
  const { type } = parameter;
  const value = typedValue === null ? parameter.defaultValue : (typedValue ?? parameter.value);
  const shownDefault =
    type.kind === 'boolean'
      ? parameter.defaultValue === 'true'
        ? t('value.yes')
        : t('value.no')
      : parameter.defaultValue || t('parameters.empty');
  const label = lookup('parameter', parameter.name);
  const facts = [
    lookup('parameterHelp', parameter.name, parameter.help),
    type.kind === 'number'
      ? t('field.range', { minimum: formatNumber(type.minimum), maximum: formatNumber(type.maximum) })
      : '',
    t('parameters.default', { value: shownDefault }),
  ];
  const common = {
    label,
    description: facts.filter(Boolean).join(' '),
    error:
      error === null || error === undefined
        ? undefined
        : [textOf(error).message, textOf(error).remedy].filter(Boolean).join(' '),
    disabled,
  };
  const reset =
    value !== parameter.defaultValue && !disabled ? (
      <Button
        variant="subtle"
        size="compact-xs"
        onClick={() => onChange(null)}
        aria-label={t('parameters.resetOne', { name: label })}
      >
        {t('parameters.reset')}
      </Button>
    ) : null;
  return (
    <div className="fr-parameter">
      <div className="fr-grow">
        {type.kind === 'boolean' && (
          <Switch
            {...common}
            checked={value === 'true'}
            onChange={(event) => onChange(String(event.currentTarget.checked))}
          />
        )}
        {type.kind === 'number' && (
          <NumberInput
            {...common}
            value={value}
            min={type.minimum}
            max={type.maximum}
            clampBehavior="none"
            allowDecimal={false}
            suffix={type.unit === undefined ? '' : ` ${lookup('unit', type.unit)}`}
            onChange={(next) => onChange(String(next))}
          />
        )}
        {type.kind === 'choice' && (
          <Select
            {...common}
            data={type.choices.map((each) => ({ value: each, label: lookup('choice', each) }))}
            allowDeselect={false}
            value={value}
            onChange={onChange}
          />
        )}
        {type.kind === 'text' && (
          <TextInput
            {...common}
            maxLength={type.maxLength}
            value={value}
            onChange={(event) => onChange(event.currentTarget.value)}
          />
        )}
      </div>
      {reset}
    </div>
  );
}
