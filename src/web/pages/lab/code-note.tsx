import { Button, CopyButton, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { LabPhoneView } from '../../../contract/lab.ts';
import { Icon } from '../../components/icon.tsx';
import { Panel } from '../../components/page.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { QrCode } from '../../components/qr-code.tsx';
import { useText } from '../../i18n/use-text.ts';
import { usePermission } from '../../session/session.ts';
import type { Hands } from './use-hands.ts';
import type { Note, Notes } from './use-notes.ts';

/** The other side of the desk: the administrator's record of this phone, and the code on a slip of paper. */
export function CodeNote({ phone, notes, hands }: { phone: LabPhoneView; notes: Notes; hands: Hands }) {
  const { t } = useText();
  const can = usePermission();
  const [line, setLine] = useState('');
  const write = useMutation({ mutationFn: () => notes.write(phone, { line: line.trim(), typeIn: false }) });
  const note = notes.of(phone.id);
  const inside = isInside(phone);
  if (note === undefined && inside)
    return (
      <Panel title={t('lab.note')}>
        <Text size="sm">{t('lab.noteDone')}</Text>
      </Panel>
    );
  return (
    <Panel title={t('lab.note')}>
      {note === undefined ? (
        <Stack gap="sm" align="flex-start">
          <Text size="sm">{t('lab.noteText', { model: phone.label })}</Text>
          {can('codes.reveal') && (
            <>
              <TextInput
                label={t('lab.line')}
                description={t('lab.lineHelp')}
                value={line}
                onChange={(event) => setLine(event.currentTarget.value)}
                maxLength={24}
              />
              <Button
                variant="light"
                leftSection={<Icon name="plus" size={16} />}
                loading={write.isPending}
                onClick={() => write.mutate()}
              >
                {t('lab.writeNote')}
              </Button>
            </>
          )}
          <ProblemNote error={write.error} />
        </Stack>
      ) : (
        <Slip phone={phone} note={note} hands={hands} />
      )}
    </Panel>
  );
}

/** Registered, or on its way there with what it was given. */
function isInside({ screen }: LabPhoneView): boolean {
  return ['setting-up', 'registering', 'registered', 'ringing', 'calling', 'in-call'].includes(screen.kind);
}

function Slip({ phone, note, hands }: { phone: LabPhoneView; note: Note; hands: Hands }) {
  const { t } = useText();
  const asks = phone.screen.kind === 'code';
  const used = isInside(phone);
  return (
    <Stack gap="sm">
      <div className="lab-slip" data-used={used || undefined}>
        <div>
          <Text size="sm">{used ? t('lab.slipUsed') : t('lab.slipFor', { model: phone.label })}</Text>
          <p className="fr-code" data-testid="lab-code">
            {note.formatted}
          </p>
        </div>
        <QrCode text={note.qr} label={t('code.qr')} size={112} />
      </div>
      {!used && (
        <Group gap="xs">
          <Button
            size="xs"
            disabled={!asks || hands.enter.isPending}
            onClick={() => hands.enter.mutate(note.code)}
            leftSection={<Icon name="phone" size={14} />}
          >
            {t('lab.typeIn')}
          </Button>
          <CopyButton value={note.formatted}>
            {({ copied, copy }) => (
              <Button size="xs" variant="default" onClick={copy} leftSection={<Icon name="copy" size={14} />}>
                {copied ? t('code.copied') : t('code.copy')}
              </Button>
            )}
          </CopyButton>
        </Group>
      )}
    </Stack>
  );
}
