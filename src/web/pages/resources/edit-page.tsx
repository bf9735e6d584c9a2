import { Stack } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from 'react-router';
import type { Answered } from '../../../contract/client/client.ts';
import { requestAt } from '../../api/client.ts';
import { isProblem } from '../../api/problem.ts';
import { DeleteButton } from '../../components/delete-button.tsx';
import { Dependencies } from '../../components/dependencies.tsx';
import { AddBar, SaveBar, SaveProblem, useFieldErrors } from '../../components/form-parts.tsx';
import { OthersChanges } from '../../components/others-changes.tsx';
import { Loading, Page, Panel } from '../../components/page.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { UnsavedGuard } from '../../components/unsaved-guard.tsx';
import { useDraft } from '../../components/use-draft.ts';
import { useText } from '../../i18n/use-text.ts';
import { usePermission } from '../../session/session.ts';
import type { ResourceDefinition } from './definitions.ts';
import { FieldInput } from './field-input.tsx';
import { fieldHelp, fieldLabel } from './field-text.ts';

type Item = Readonly<Record<string, unknown>>;

/** Adds or changes one object of one kind. */
export function ResourceEditPage({ definition }: { definition: ResourceDefinition }) {
  const { name } = useParams();
  const path = `/${definition.id}/${encodeURIComponent(name ?? '')}`;
  const item = useQuery({
    queryKey: ['resource', definition.id, name],
    enabled: name !== undefined,
    queryFn: ({ signal }) => requestAt<Item>('GET', path, { signal }),
  });
  if (name === undefined) return <EditForm definition={definition} item={undefined} version={undefined} />;
  if (item.data === undefined)
    return item.isError ? <ProblemNote error={item.error} onRetry={() => void item.refetch()} /> : <Loading />;
  return <EditForm key={name} definition={definition} item={item.data.body} version={item.data.version} />;
}

function EditForm({
  definition,
  item,
  version,
}: {
  definition: ResourceDefinition;
  item: Item | undefined;
  version: number | undefined;
}) {
  const { t, lookup, language } = useText();
  const can = usePermission();
  const go = useNavigate();
  const queries = useQueryClient();
  const { id, page, nameOf } = definition;
  const path = item === undefined ? `/${id}` : `/${id}/${encodeURIComponent(nameOf(item))}`;
  const draft = useDraft<Record<string, unknown>>(
    {
      ...definition.defaults,
      ...(item === undefined ? {} : fieldsOf(definition, item)),
    },
    version,
  );
  const save = useMutation({
    mutationFn: () =>
      item === undefined
        ? requestAt<Item>('POST', path, { body: draft.values })
        : requestAt<Item>('PATCH', path, { body: draft.changes, version: draft.version }),
    onSuccess: async (answer: Answered<Item>) => {
      draft.reset();
      queries.setQueryData(['resource', id, nameOf(answer.body)], answer);
      notifications.show({ message: t('resource.saved', { name: nameOf(answer.body) }) });
      if (item === undefined) await go(page);
      else if (nameOf(answer.body) !== nameOf(item))
        await go(`${page}/${encodeURIComponent(nameOf(answer.body))}`, { replace: true });
      await queries.invalidateQueries();
    },
    onError: async (error) => {
      if (isProblem(error, 'version_conflict')) await queries.invalidateQueries({ queryKey: ['resource', id] });
    },
  });
  const disabled = !can(definition.write);
  const errors = useFieldErrors(save.error);
  const required = (each: string) => !(each in definition.defaults);
  return (
    <Page
      title={item === undefined ? t(definition.add) : nameOf(item)}
      lead={t(definition.lead)}
      actions={
        item !== undefined && !disabled ? (
          <DeleteButton
            name={nameOf(item)}
            question={t('resource.deleteText')}
            path={path}
            version={version}
            back={page}
            restore={() => requestAt('POST', `/${id}`, { body: fieldsOf(definition, item) })}
          />
        ) : undefined
      }
    >
      <UnsavedGuard dirty={draft.dirty && !save.isPending && !(save.isSuccess && item === undefined)} />
      <form
        className="fr-narrow"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack gap="lg">
          <Panel>
            <Stack gap="md">
              {definition.fields.map((each) => (
                <FieldInput
                  key={each.name}
                  field={each}
                  limits={definition.limits[each.name] ?? {}}
                  label={fieldLabel(lookup, id, each.name)}
                  help={fieldHelp(lookup, id, each.name)}
                  value={draft.values[each.name]}
                  error={errors[each.name]}
                  disabled={disabled}
                  required={required(each.name)}
                  onChange={(value) => draft.set(each.name, value)}
                />
              ))}
            </Stack>
          </Panel>
          <OthersChanges draft={draft} language={language} label={(field) => fieldLabel(lookup, id, field)} />
          <SaveProblem error={save.error} />
          {!disabled &&
            (item === undefined ? (
              <AddBar back={page} ready={draft.dirty} adding={save.isPending} />
            ) : (
              <SaveBar dirty={draft.dirty} clashing={draft.clashing} saving={save.isPending} onUndo={draft.reset} />
            ))}
          {item !== undefined && <Dependencies path={path} />}
        </Stack>
      </form>
    </Page>
  );
}

/** Only what the form may send back. */
function fieldsOf(definition: ResourceDefinition, item: Item): Record<string, unknown> {
  const editable = new Set([...Object.keys(definition.defaults), ...definition.fields.map((each) => each.name)]);
  return Object.fromEntries(Object.entries(item).filter(([field]) => editable.has(field)));
}
