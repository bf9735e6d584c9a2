import { useIsMutating } from '@tanstack/react-query';

/** Key of the mutation that deletes what the page is about. */
export const leavingKey = ['leaving'] as const;

/** Whether what the page is about is being deleted: asking for it again would only be answered with "not found". */
export function useLeaving(): boolean {
  return useIsMutating({ mutationKey: leavingKey }) > 0;
}
