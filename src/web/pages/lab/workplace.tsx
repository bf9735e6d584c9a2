import { Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { LabPhoneView, LabStepView } from '../../../contract/lab.ts';
import { request } from '../../api/client.ts';
import { Icon } from '../../components/icon.tsx';
import { Panel } from '../../components/page.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { Status } from '../../components/status.tsx';
import { useText } from '../../i18n/use-text.ts';
import { CodeNote } from './code-note.tsx';
import { DeskPhone } from './desk-phone.tsx';
import { toneOf } from './phone-shelf.tsx';
import { StepList } from './step-list.tsx';
import { useHands } from './use-hands.ts';
import type { Notes } from './use-notes.ts';

interface WorkplaceProps {
  readonly phone: LabPhoneView;
  readonly steps: readonly LabStepView[];
  readonly notes: Notes;
}

/** One phone with all there is around it. */
export function Workplace({ phone, steps, notes }: WorkplaceProps) {
  const { t, lookup } = useText();
  const hands = useHands(phone);
  const remove = useMutation({ mutationFn: () => request('DELETE /lab/phones/{id}', { path: { id: phone.id } }) });
  return (
    <div className="lab-workplace">
      <Stack gap="md" className="lab-left">
        <div className="lab-head">
          <h2 className="lab-device">{phone.deviceName}</h2>
          <Status tone={toneOf[phone.screen.kind]}>{lookup('labScreen', phone.screen.kind)}</Status>
          <span className="fr-dim">
            {phone.label === phone.model ? phone.model : t('lab.inTheBox', { label: phone.label, model: phone.model })}
          </span>
        </div>
        {phone.mishap !== null && (
          <Text size="sm" className="lab-mishap">
            <Icon name="alert" size={16} />
            <span>
              <strong>{lookup('labMishap', phone.mishap)}</strong> {lookup('labMishapHelp', phone.mishap)}
            </span>
          </Text>
        )}
        <DeskPhone phone={phone} steps={steps} hands={hands} />
        <Group gap="xs">
          {phone.plugged ? (
            <Button size="xs" variant="default" onClick={() => hands.act.mutate('unplug')}>
              {t('lab.unplug')}
            </Button>
          ) : (
            <Button size="xs" onClick={() => hands.act.mutate('plug-in')}>
              {t('lab.plugIn')}
            </Button>
          )}
          <Button size="xs" variant="default" onClick={() => hands.act.mutate(phone.atHome ? 'bring-in' : 'take-home')}>
            {t(phone.atHome ? 'lab.bringIn' : 'lab.takeHome')}
          </Button>
          <Button
            size="xs"
            variant="default"
            leftSection={<Icon name="refresh" size={14} />}
            onClick={() => hands.act.mutate('factory-reset')}
          >
            {t('lab.factoryReset')}
          </Button>
          <Button
            size="xs"
            variant="subtle"
            color="gray"
            leftSection={<Icon name="trash" size={14} />}
            loading={remove.isPending}
            onClick={() => remove.mutate()}
          >
            {t('lab.remove')}
          </Button>
        </Group>
        <ProblemNote error={hands.error ?? remove.error} />
      </Stack>
      <Stack gap="md" className="lab-right">
        <CodeNote phone={phone} notes={notes} hands={hands} />
        <Panel title={t('lab.steps')} aside={<RecordLink phone={phone} />}>
          <StepList steps={steps} />
        </Panel>
      </Stack>
    </div>
  );
}

/** To the record of this very phone, once there is one; before that to what the system saw of it. */
function RecordLink({ phone }: { phone: LabPhoneView }) {
  const { t } = useText();
  const record = useQuery({
    queryKey: ['lab', 'record', phone.deviceName, phone.screen.kind],
    queryFn: async ({ signal }) => {
      const query = { search: phone.deviceName, limit: 1 };
      return (await request('GET /phones', { query, signal })).body.items[0]?.name ?? null;
    },
  });
  if (record.data === undefined) return null;
  const to = record.data === null ? `/onboarding/strangers/${phone.mac}` : `/device/phones/${record.data}`;
  return (
    <Anchor component={Link} to={to} size="sm">
      {t(record.data === null ? 'lab.toStranger' : 'lab.toRecord')}
    </Anchor>
  );
}
