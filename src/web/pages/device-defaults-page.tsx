import { Alert, Autocomplete, Button, Checkbox, Group, Select, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { DeviceDefaultView } from '../../contract/device-defaults.ts';
import { request } from '../api/client.ts';
import { isProblem } from '../api/problem.ts';
import { useNames } from '../components/fields.tsx';
import { SaveBar, SaveProblem } from '../components/form-parts.tsx';
import { Icon } from '../components/icon.tsx';
import { OthersChanges } from '../components/others-changes.tsx';
import { Loading, Page } from '../components/page.tsx';
import { ProblemNote } from '../components/problem-note.tsx';
import { ScrollRegion } from '../components/scroll-region.tsx';
import { UnsavedGuard } from '../components/unsaved-guard.tsx';
import { useDraft } from '../components/use-draft.ts';
import { useText } from '../i18n/use-text.ts';
import { usePermission } from '../session/session.ts';

type Change = Partial<
  Pick<
    DeviceDefaultView,
    'onPremiseOnboardingMethod' | 'loadInformation' | 'inactiveLoadInformation' | 'devicePool' | 'phoneButtonTemplate'
  >
>;
/** Model → what may be changed of it. */
type Values = Readonly<Record<string, Required<Change>>>;

const valuesOf = (items: readonly DeviceDefaultView[]): Values =>
  Object.fromEntries(
    items.map(
      ({
        model,
        onPremiseOnboardingMethod,
        loadInformation,
        inactiveLoadInformation,
        devicePool,
        phoneButtonTemplate,
      }) => [
        model,
        { onPremiseOnboardingMethod, loadInformation, inactiveLoadInformation, devicePool, phoneButtonTemplate },
      ],
    ),
  );

/** Device > Device Settings > Device Defaults: dual bank information and onboarding method per model, many at once. */
export function DeviceDefaultsPage() {
  const { t, lookup, language } = useText();
  const can = usePermission();
  const queries = useQueryClient();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const defaults = useQuery({
    queryKey: ['device-defaults'],
    queryFn: async ({ signal }) => (await request('GET /device-defaults', { signal })).body.items,
  });
  const draft = useDraft<Values>(valuesOf(defaults.data ?? []));
  const changes = changedFields(draft.changes, defaults.data ?? []);
  const save = useMutation({
    mutationFn: async () =>
      (
        await request('PUT /device-defaults', {
          body: {
            items: Object.entries(changes).map(([model, change]) => ({
              model,
              ...change,
              version: defaults.data?.find((each) => each.model === model)?.version,
            })),
          },
        })
      ).body.items,
    onSuccess: async () => {
      draft.reset();
      setChosen([]);
      notifications.show({ message: t('defaults.saved') });
      await queries.invalidateQueries();
    },
    onError: async (error) => {
      if (isProblem(error, 'version_conflict')) await queries.invalidateQueries({ queryKey: ['device-defaults'] });
    },
  });
  const items = defaults.data;
  if (items === undefined)
    return defaults.isError ? (
      <ProblemNote error={defaults.error} onRetry={() => void defaults.refetch()} />
    ) : (
      <Loading />
    );
  const mayWrite = can('settings.write');
  const change = (model: string, part: Change) => draft.set(model, { ...draft.values[model]!, ...part });
  const setMethod = (method: 'ActivationCode' | 'AutoRegistration') => {
    for (const model of chosen) change(model, { onPremiseOnboardingMethod: method });
  };
  const stranded = items.filter(
    (each) => changes[each.model]?.onPremiseOnboardingMethod === 'AutoRegistration' && each.phones > 0,
  );
  const wrongModel = isProblem(save.error) ? /items\[(\d+)\]/.exec(save.error.field ?? '')?.[1] : undefined;
  return (
    <Page title={t('nav.deviceDefaults')} lead={t('defaults.lead')}>
      <UnsavedGuard dirty={draft.dirty} />
      <Stack gap="md">
        {mayWrite && (
          <Group gap="xs">
            <Text size="sm" c="dimmed" role="status">
              {t('defaults.chosen', { count: chosen.length })}
            </Text>
            <Button
              size="xs"
              variant="default"
              disabled={chosen.length === 0}
              onClick={() => setMethod('ActivationCode')}
            >
              {t('defaults.toActivationCode')}
            </Button>
            <Button
              size="xs"
              variant="default"
              disabled={chosen.length === 0}
              onClick={() => setMethod('AutoRegistration')}
            >
              {t('defaults.toAutoRegistration')}
            </Button>
          </Group>
        )}
        <ScrollRegion className="fr-table-scroll fr-plain-table" label={t('defaults.dualBank')}>
          <table>
            <caption className="fr-visually-hidden">{t('defaults.dualBank')}</caption>
            <thead>
              <tr>
                {mayWrite && (
                  <th scope="col">
                    <Checkbox
                      aria-label={t('defaults.all')}
                      checked={chosen.length === items.length}
                      indeterminate={chosen.length > 0 && chosen.length < items.length}
                      onChange={(event) =>
                        setChosen(event.currentTarget.checked ? items.map((each) => each.model) : [])
                      }
                    />
                  </th>
                )}
                <th scope="col">{t('phone.model')}</th>
                <th scope="col">{t('defaults.method')}</th>
                <th scope="col">{t('defaults.load')}</th>
                <th scope="col">{t('defaults.inactiveLoad')}</th>
                <th scope="col">{t('phone.devicePool')}</th>
                <th scope="col">{t('phone.phoneButtonTemplate')}</th>
                <th scope="col" className="fr-number">
                  {t('defaults.phones')}
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map((each) => (
                <DefaultRow
                  key={each.model}
                  item={each}
                  change={changes[each.model] ?? {}}
                  onChange={(part) => change(each.model, part)}
                  mayWrite={mayWrite}
                  chosen={chosen.includes(each.model)}
                  onChoose={(on) =>
                    setChosen(on ? [...chosen, each.model] : chosen.filter((model) => model !== each.model))
                  }
                  wrong={wrongModel !== undefined && Object.keys(changes)[Number(wrongModel)] === each.model}
                />
              ))}
            </tbody>
          </table>
        </ScrollRegion>
        {stranded.length > 0 && (
          <Alert color="yellow" variant="light" icon={<Icon name="alert" />} title={t('defaults.strandedTitle')}>
            <Text size="sm">
              {t('defaults.strandedText', {
                models: stranded.map((each) => `${each.model} (${each.phones})`).join(', '),
              })}
            </Text>
          </Alert>
        )}
        <OthersChanges
          draft={draft}
          language={language}
          label={(model) => model}
          show={(_model, value) => {
            const { onPremiseOnboardingMethod, ...rest } = value as Required<Change>;
            return [lookup('method', onPremiseOnboardingMethod), ...Object.values(rest)].filter(Boolean).join(' · ');
          }}
        />
        <SaveProblem error={save.error} />
        {mayWrite && (
          <SaveBar
            dirty={draft.dirty}
            clashing={draft.clashing}
            saving={save.isPending}
            onUndo={draft.reset}
            onSave={() => save.mutate()}
            status={t('defaults.changed', { count: Object.keys(changes).length })}
          />
        )}
        <Text size="xs" c="dimmed">
          {t('defaults.note', { method: lookup('method', 'ActivationCode') })}
        </Text>
      </Stack>
    </Page>
  );
}

/** Model → what differs from what is there now. */
function changedFields(typed: Partial<Values>, items: readonly DeviceDefaultView[]): Readonly<Record<string, Change>> {
  return Object.fromEntries(
    Object.entries(typed).map(([model, values]) => {
      const now = items.find((each) => each.model === model);
      return [
        model,
        Object.fromEntries(
          Object.entries(values ?? {}).filter(([field, value]) => now?.[field as keyof Change] !== value),
        ),
      ];
    }),
  );
}

interface DefaultRowProps {
  readonly item: DeviceDefaultView;
  readonly change: Change;
  readonly onChange: (part: Change) => void;
  readonly mayWrite: boolean;
  readonly chosen: boolean;
  readonly onChoose: (on: boolean) => void;
  readonly wrong: boolean;
}

function DefaultRow({ item, change, onChange, mayWrite, chosen, onChoose, wrong }: DefaultRowProps) {
  const { t, lookup, formatNumber } = useText();
  const pools = useNames('/device-pools');
  const templates = useNames('/phone-button-templates');
  const loads = useLoads();
  const { model } = item;
  const value = { ...item, ...change };
  const fitting = (templates.data ?? [])
    .filter((each) => each['model'] === null || each['model'] === model)
    .map((each) => each.name);
  const label = (field: string) => `${model}: ${field}`;
  return (
    <tr data-changed={Object.keys(change).length > 0 || undefined} data-wrong={wrong || undefined}>
      {mayWrite && (
        <td>
          <Checkbox
            aria-label={t('defaults.choose', { model })}
            checked={chosen}
            onChange={(event) => onChoose(event.currentTarget.checked)}
          />
        </td>
      )}
      <th scope="row">{model}</th>
      <td data-label={t('defaults.method')}>
        <Select
          aria-label={label(t('defaults.method'))}
          data={(['ActivationCode', 'AutoRegistration'] as const).map((each) => ({
            value: each,
            label: lookup('method', each),
          }))}
          allowDeselect={false}
          disabled={!mayWrite}
          value={value.onPremiseOnboardingMethod}
          onChange={(next) =>
            next !== null && onChange({ onPremiseOnboardingMethod: next as 'ActivationCode' | 'AutoRegistration' })
          }
        />
      </td>
      {(['loadInformation', 'inactiveLoadInformation'] as const).map((bank) => (
        <td key={bank} data-label={bank === 'loadInformation' ? t('defaults.load') : t('defaults.inactiveLoad')}>
          <Autocomplete
            aria-label={label(bank === 'loadInformation' ? t('defaults.load') : t('defaults.inactiveLoad'))}
            placeholder={t('defaults.keepLoad')}
            data={loads}
            limit={20}
            disabled={!mayWrite}
            value={value[bank]}
            onChange={(next) => onChange({ [bank]: next.trim() })}
          />
        </td>
      ))}
      <td data-label={t('phone.devicePool')}>
        <Select
          aria-label={label(t('phone.devicePool'))}
          data={[...new Set([...(pools.data ?? []).map((each) => each.name), value.devicePool])]}
          searchable
          allowDeselect={false}
          disabled={!mayWrite}
          value={value.devicePool}
          onChange={(next) => next !== null && onChange({ devicePool: next })}
        />
      </td>
      <td data-label={t('phone.phoneButtonTemplate')}>
        <Select
          aria-label={label(t('phone.phoneButtonTemplate'))}
          data={[...new Set([...fitting, value.phoneButtonTemplate])]}
          searchable
          allowDeselect={false}
          disabled={!mayWrite}
          value={value.phoneButtonTemplate}
          onChange={(next) => next !== null && onChange({ phoneButtonTemplate: next })}
        />
      </td>
      <td className="fr-number" data-label={t('defaults.phones')}>
        {formatNumber(item.phones)}
      </td>
    </tr>
  );
}

/** Loads that have been uploaded, without `.loads`. */
function useLoads(): string[] {
  const can = usePermission();
  const files = useQuery({
    queryKey: ['firmware-files'],
    enabled: can('system.read'),
    queryFn: async ({ signal }) => (await request('GET /firmware-files', { signal })).body.items,
  });
  return (files.data ?? [])
    .filter((each) => each.name.endsWith('.loads'))
    .map((each) => each.name.slice(0, -'.loads'.length));
}
