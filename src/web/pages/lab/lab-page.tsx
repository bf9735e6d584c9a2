import './lab.css';
import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import { request } from '../../api/client.ts';
import { ask } from '../../components/ask.tsx';
import { Icon } from '../../components/icon.tsx';
import { Loading, Page } from '../../components/page.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { useUrlState } from '../../components/use-url-state.ts';
import { useText } from '../../i18n/use-text.ts';
import { useLabThere } from '../../shell/use-menus.ts';
import { NewPhoneDialog } from './new-phone-dialog.tsx';
import { PhoneShelf } from './phone-shelf.tsx';
import { type Lab, useLab } from './use-lab.ts';
import { useNotes } from './use-notes.ts';
import { Workplace } from './workplace.tsx';

const nobody: Lab['phones'] = [];

/** Virtual phones that are the real reference phone, with screen, keys and every step they make. */
export function LabPage() {
  const { t } = useText();
  const there = useLabThere();
  if (there === true) return <Bench />;
  return <Page title={t('lab.title')}>{there === false ? <Text>{t('lab.switchedOff')}</Text> : <Loading />}</Page>;
}

function Bench() {
  const { t } = useText();
  const { lab, error } = useLab();
  const [read, write] = useUrlState();
  const [adding, setAdding] = useState<number>();
  const [trouble, setTrouble] = useState<unknown>();
  const phones = lab?.phones ?? nobody;
  const notes = useNotes(phones);
  const chosen = phones.find((phone) => phone.id === read('phone')) ?? phones.at(-1);
  const onClear = async () => {
    const question = {
      title: t('lab.clearTitle'),
      text: t('lab.clearText'),
      confirm: t('lab.clear'),
      cancel: t('action.cancel'),
      dangerous: true,
    };
    if (!(await ask(question))) return;
    setTrouble(undefined);
    await Promise.all(phones.map((phone) => request('DELETE /lab/phones/{id}', { path: { id: phone.id } }))).catch(
      setTrouble,
    );
  };
  return (
    <Page
      title={t('lab.title')}
      lead={t('lab.lead')}
      actions={
        <>
          {phones.length > 1 && (
            <Button variant="subtle" color="gray" onClick={() => void onClear()}>
              {t('lab.clear')}
            </Button>
          )}
          <Button variant="default" leftSection={<Icon name="layers" size={16} />} onClick={() => setAdding(10)}>
            {t('lab.tenAtOnce')}
          </Button>
          <Button leftSection={<Icon name="plus" size={16} />} onClick={() => setAdding(1)}>
            {t('lab.newPhone')}
          </Button>
        </>
      }
    >
      <ProblemNote error={error ?? trouble} />
      {lab === undefined && error === undefined && <Loading />}
      {lab !== undefined && phones.length === 0 && <Empty onAdd={() => setAdding(1)} />}
      {phones.length > 1 && <PhoneShelf phones={phones} chosen={chosen?.id} />}
      {chosen !== undefined && (
        <Workplace key={chosen.id} phone={chosen} steps={lab?.steps.get(chosen.id) ?? []} notes={notes} />
      )}
      {adding !== undefined && (
        <NewPhoneDialog
          count={adding}
          notes={notes}
          onClose={() => setAdding(undefined)}
          onAdded={(added) => write({ phone: added[0]?.id })}
        />
      )}
    </Page>
  );
}

function Empty({ onAdd }: { onAdd: () => void }) {
  const { t } = useText();
  return (
    <div className="lab-empty">
      <Icon name="phone" size={40} />
      <Text fw={600}>{t('lab.empty')}</Text>
      <Text size="sm" c="dimmed" maw={520}>
        {t('lab.emptyText')}
      </Text>
      <Button leftSection={<Icon name="plus" size={16} />} onClick={onAdd}>
        {t('lab.firstPhone')}
      </Button>
    </div>
  );
}
