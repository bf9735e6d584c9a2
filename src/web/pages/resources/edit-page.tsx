import { Alert, Button, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from 'react-router';
import { type Answered, request } from '../../api/client.ts';
import { isProblem } from '../../api/problem.ts';
import { ask } from '../../components/ask.tsx';
import { Icon } from '../../components/icon.tsx';
import { Loading, Page, Panel } from '../../components/page.tsx';
import { DependencyList, ProblemNote, useProblemText } from '../../components/problem-note.tsx';
import { UnsavedGuard } from '../../components/unsaved-guard.tsx';
import { fieldOf, useDraft } from '../../components/use-draft.ts';
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
    queryFn: ({ signal }) => request<Item>('GET', path, { signal }),
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
  const { t, lookup } = useText();
  const can = usePermission();
  const go = useNavigate();
  const queries = useQueryClient();
  const textOf = useProblemText();
  const { id, page, nameOf } = definition;
  const path = item === undefined ? `/${id}` : `/${id}/${encodeURIComponent(nameOf(item))}`;
  const draft = useDraft<Record<string, unknown>>({
    ...definition.defaults,
    ...(item === undefined ? {} : fieldsOf(definition, item)),
  });
  const save = useMutation({
    mutationFn: () =>
      item === undefined
        ? request<Item>('POST', path, { body: draft.values })
        : request<Item>('PATCH', path, { body: draft.changes, version }),
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
  const disabled = !can('settings.write');
  const field = fieldOf(save.error);
  const problem =
    field === undefined ? undefined : [textOf(save.error).message, textOf(save.error).remedy].filter(Boolean).join(' ');
  const required = (each: string) => !(each in definition.defaults);
  return (
    <Page
      title={item === undefined ? t(definition.add) : nameOf(item)}
      lead={t(definition.lead)}
      actions={
        item !== undefined && !disabled ? (
          <DeleteButton definition={definition} item={item} version={version} path={path} />
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
                  error={field === each.name ? problem : undefined}
                  disabled={disabled}
                  required={required(each.name)}
                  onChange={(value) => draft.set(each.name, value)}
                />
              ))}
            </Stack>
          </Panel>
          {isProblem(save.error, 'version_conflict') ? (
            <Alert color="yellow" variant="light" icon={<Icon name="alert" />} role="alert" title={t('conflict.title')}>
              {t('conflict.text')}
            </Alert>
          ) : (
            <ProblemNote error={save.error} />
          )}
          {!disabled && (
            <div className="fr-save-bar" data-dirty={draft.dirty || undefined}>
              <Text size="sm" c="dimmed" role="status">
                {draft.dirty ? t('form.unsaved') : item === undefined ? '' : t('form.allSaved')}
              </Text>
              <Button variant="default" disabled={!draft.dirty} onClick={draft.reset}>
                {t('action.undo')}
              </Button>
              <Button type="submit" disabled={!draft.dirty} loading={save.isPending}>
                {item === undefined ? t('action.add') : t('action.save')}
              </Button>
            </div>
          )}
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

function DeleteButton({
  definition,
  item,
  version,
  path,
}: {
  definition: ResourceDefinition;
  item: Item;
  version: number | undefined;
  path: string;
}) {
  const { t } = useText();
  const go = useNavigate();
  const queries = useQueryClient();
  const name = definition.nameOf(item);
  const restore = async () => {
    await request('POST', `/${definition.id}`, { body: fieldsOf(definition, item) });
    await queries.invalidateQueries();
  };
  const remove = useMutation({
    mutationFn: () => request('DELETE', path, { version }),
    onSuccess: async () => {
      const note = notifications.show({
        autoClose: 12_000,
        message: (
          <span className="fr-undo">
            {t('resource.deleted', { name })}
            <Button
              size="compact-xs"
              variant="light"
              onClick={() => {
                notifications.hide(note);
                restore().catch(() =>
                  notifications.show({ color: 'red', message: t('resource.notRestored', { name }) }),
                );
              }}
            >
              {t('action.undo')}
            </Button>
          </span>
        ),
      });
      await go(definition.page);
      await queries.invalidateQueries();
    },
  });
  const onDelete = async () => {
    const yes = await ask({
      title: t('resource.deleteTitle', { name }),
      text: t('resource.deleteText'),
      confirm: t('action.delete'),
      cancel: t('action.cancel'),
      dangerous: true,
    });
    if (yes) remove.mutate();
  };
  return (
    <div className="fr-delete">
      <Button
        variant="default"
        leftSection={<Icon name="trash" size={16} />}
        loading={remove.isPending}
        onClick={() => void onDelete()}
      >
        {t('action.delete')}
      </Button>
      <ProblemNote error={remove.error} />
    </div>
  );
}

function Dependencies({ path }: { path: string }) {
  const { t } = useText();
  const records = useQuery({
    queryKey: ['dependencies', path],
    queryFn: async ({ signal }) =>
      (await request<{ items: readonly unknown[] }>('GET', `${path}/dependencies`, { signal })).body.items,
  });
  return (
    <Panel title={t('resource.dependencies')}>
      {records.data?.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('resource.noDependencies')}
        </Text>
      ) : (
        <DependencyList value={records.data} />
      )}
      <ProblemNote error={records.error} />
    </Panel>
  );
}
