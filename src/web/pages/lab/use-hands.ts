import { useMutation } from '@tanstack/react-query';
import type { LabPhoneView } from '../../../contract/lab.ts';
import { request } from '../../api/client.ts';

export type HandAction = 'plug-in' | 'unplug' | 'restart' | 'factory-reset' | 'hang-up' | 'take-home' | 'bring-in';

/** What can be done to one phone. What comes of it arrives with the news of the lab. */
export function useHands(phone: LabPhoneView) {
  const path = { id: phone.id };
  const act = useMutation({
    mutationFn: (action: HandAction) => request('POST /lab/phones/{id}/actions', { path, body: { action } }),
  });
  const enter = useMutation({
    mutationFn: (text: string) => request('POST /lab/phones/{id}/code', { path, body: { text } }),
  });
  const call = useMutation({
    mutationFn: (number: string) => request('POST /lab/phones/{id}/calls', { path, body: { number } }),
  });
  return { act, enter, call, error: act.error ?? enter.error ?? call.error };
}

export type Hands = ReturnType<typeof useHands>;
