import { Button, Checkbox, Group, Modal, NumberInput, Select, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { LabMishap, LabPhoneView } from '../../../contract/lab.ts';
import { phoneModels } from '../../../identifiers/phone-model.ts';
import { request } from '../../api/client.ts';
import { ProblemNote } from '../../components/problem-note.tsx';
import { useText } from '../../i18n/use-text.ts';
import { usePermission } from '../../session/session.ts';
import { countedLine, type Notes } from './use-notes.ts';

export const mishaps: readonly LabMishap[] = [
  'code-mistyped',
  'wrong-model',
  'unknown-manufacturer',
  'tampered-trust-list',
  'service-unreachable',
];

const most = 10;

/** Unpacks phones: which model, how many, what is wrong with them, and whether the administrator has them in the books already. */
export function NewPhoneDialog({
  count: first,
  notes,
  onClose,
  onAdded,
}: {
  count: number;
  notes: Notes;
  onClose: () => void;
  onAdded: (phones: readonly LabPhoneView[]) => void;
}) {
  const { t, lookup } = useText();
  const can = usePermission();
  const [model, setModel] = useState<string>('Cisco 8845');
  const [mac, setMac] = useState('');
  const [count, setCount] = useState(first);
  const [mishap, setMishap] = useState<LabMishap | null>(null);
  const [atHome, setAtHome] = useState(false);
  const [records, setRecords] = useState(first > 1 && can('codes.reveal'));
  const [line, setLine] = useState('');
  const add = useMutation({
    mutationFn: async () => {
      const body = { model, count, mishap, atHome, ...(mac.trim() === '' ? {} : { mac: mac.trim() }) };
      const { items } = (await request('POST /lab/phones', { body })).body;
      onAdded(items);
      if (!records) return;
      for (const [at, phone] of items.entries()) {
        await notes.write(phone, { line: line.trim() === '' ? '' : countedLine(line.trim(), at), typeIn: true });
      }
    },
    onSuccess: onClose,
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={t(first > 1 ? 'lab.tenAtOnce' : 'lab.newPhone')}
      centered
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate();
        }}
      >
        <Stack gap="md">
          <Select
            label={t('lab.model')}
            data={phoneModels.map(({ name }) => name as string)}
            value={model}
            onChange={(next) => setModel(next ?? model)}
            allowDeselect={false}
            searchable
            nothingFoundMessage={t('field.nothingFound')}
          />
          <NumberInput
            label={t('lab.count')}
            min={1}
            max={most}
            clampBehavior="strict"
            allowDecimal={false}
            value={count}
            onChange={(next) => setCount(Math.max(1, Math.min(most, Number(next) || 1)))}
          />
          <TextInput
            label={t('lab.mac')}
            description={t(count > 1 ? 'lab.macHelpMany' : 'lab.macHelp')}
            value={mac}
            onChange={(event) => setMac(event.currentTarget.value)}
            maxLength={17}
          />
          <Select
            label={t('lab.mishap')}
            description={mishap === null ? t('lab.mishapHelp') : lookup('labMishapHelp', mishap)}
            data={mishaps.map((each) => ({ value: each, label: lookup('labMishap', each) }))}
            value={mishap}
            onChange={(next) => setMishap(next as LabMishap | null)}
            placeholder={t('lab.noMishap')}
            clearable
            clearButtonProps={{ 'aria-label': t('field.clear') }}
          />
          <Checkbox
            label={t('lab.atHome')}
            description={t('lab.atHomeHelp')}
            checked={atHome}
            onChange={(event) => setAtHome(event.currentTarget.checked)}
          />
          {can('codes.reveal') && (
            <>
              <Checkbox
                label={t('lab.records')}
                description={t('lab.recordsHelp')}
                checked={records}
                onChange={(event) => setRecords(event.currentTarget.checked)}
              />
              {records && (
                <TextInput
                  label={t('lab.line')}
                  description={t(count > 1 ? 'lab.lineHelpMany' : 'lab.lineHelp')}
                  value={line}
                  onChange={(event) => setLine(event.currentTarget.value)}
                  maxLength={24}
                />
              )}
            </>
          )}
          <ProblemNote error={add.error} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('action.cancel')}
            </Button>
            <Button type="submit" loading={add.isPending}>
              {t('lab.plugIn')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
