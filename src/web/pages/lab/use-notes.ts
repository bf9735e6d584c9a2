import { useCallback, useEffect, useRef, useState } from 'react';
import type { LabPhoneView } from '../../../contract/lab.ts';
import { request } from '../../api/client.ts';
import { useText } from '../../i18n/use-text.ts';

/** What an administrator wrote down for the person at a phone. Lives as long as the page. */
export interface Note {
  /** Name of the record when it was made. */
  readonly record: string;
  readonly formatted: string;
  readonly code: string;
  readonly qr: string;
}

export interface Notes {
  of(id: string): Note | undefined;
  /** Adds a record for what the box says, and writes its code down. `typeIn`: enters it as soon as the phone asks. */
  write(phone: LabPhoneView, options: { line: string; typeIn: boolean }): Promise<void>;
}

export function useNotes(phones: readonly LabPhoneView[]): Notes {
  const { t } = useText();
  const [notes, setNotes] = useState<ReadonlyMap<string, Note>>(new Map());
  const typing = useRef(new Map<string, string>());
  const typeIfAsked = useCallback((phone: LabPhoneView) => {
    const code = typing.current.get(phone.id);
    if (code === undefined || phone.screen.kind !== 'code') return;
    typing.current.delete(phone.id);
    // Should somebody have been quicker at the keys, the phone's screen tells.
    void request('POST /lab/phones/{id}/code', { path: { id: phone.id }, body: { text: code } }).catch(() => undefined);
  }, []);
  const latest = useRef(phones);
  useEffect(() => {
    latest.current = phones;
    for (const phone of phones) typeIfAsked(phone);
  }, [phones, typeIfAsked]);
  return {
    of: (id) => notes.get(id),
    async write(phone, { line, typeIn }) {
      const lines = line === '' ? [] : [{ directoryNumber: line }];
      const body = {
        model: phone.label,
        description: t('lab.recordDescription'),
        lines,
        requiresActivationCode: true,
        allowActivationCodeViaMra: phone.atHome,
      };
      const added = (await request('POST /phones', { body })).body;
      const view = (await request('GET /phones/{name}/activation-code', { path: { name: added.name } })).body;
      if (view.code === null || view.qr === null) return;
      const note: Note = { record: added.name, formatted: view.formatted, code: view.code, qr: view.qr };
      setNotes((before) => new Map(before).set(phone.id, note));
      if (!typeIn) return;
      typing.current.set(phone.id, note.code);
      typeIfAsked(latest.current.find((each) => each.id === phone.id) ?? phone);
    },
  };
}

/** `1001` counts up to `1002`; a number that ends in something else stays as it is. */
export function countedLine(first: string, by: number): string {
  const match = /^(.*?)(\d{1,15})$/.exec(first);
  if (match === null) return first;
  return `${match[1]}${String(Number(match[2]) + by).padStart(match[2]!.length, '0')}`;
}
