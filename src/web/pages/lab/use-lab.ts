import { useEffect, useState } from 'react';
import type { LabNewsView, LabPhoneView, LabStepView } from '../../../contract/lab.ts';
import { request } from '../../api/client.ts';

export interface Lab {
  readonly phones: readonly LabPhoneView[];
  /** By the phone's id, oldest first. */
  readonly steps: ReadonlyMap<string, readonly LabStepView[]>;
  readonly most: number;
}

const patience = 20;
const pauseMs = 2_000;

/** The lab as it is, live: each answer comes when something happens, and the next question says how far we read. */
export function useLab(): { lab: Lab | undefined; error: unknown } {
  const [lab, setLab] = useState<Lab>();
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    const left = new AbortController();
    void follow(left.signal, setLab, setError);
    return () => left.abort();
  }, []);
  return { lab, error };
}

async function follow(
  signal: AbortSignal,
  show: (change: (lab: Lab | undefined) => Lab) => void,
  complain: (error: unknown) => void,
): Promise<void> {
  let since: string | undefined;
  while (!signal.aborted) {
    try {
      const query = since === undefined ? {} : { since, wait: patience };
      const { body } = await request('GET /lab/phones', { query, signal });
      since = body.cursor;
      show((lab) => merge(lab, body));
      complain(undefined);
    } catch (error) {
      if (signal.aborted) return;
      complain(error);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

export function merge(lab: Lab | undefined, news: LabNewsView): Lab {
  const before = news.whole ? undefined : lab;
  const phones = new Map(before?.phones.map((phone) => [phone.id, phone]));
  for (const phone of news.phones) phones.set(phone.id, phone);
  const steps = new Map<string, readonly LabStepView[]>();
  const fresh = Map.groupBy(news.steps, (step) => step.phone);
  for (const id of news.ids) {
    const [old, more] = [before?.steps.get(id) ?? [], fresh.get(id)];
    steps.set(id, more === undefined ? old : [...old, ...more]);
  }
  return { phones: news.ids.flatMap((id) => phones.get(id) ?? []), steps, most: news.most };
}
