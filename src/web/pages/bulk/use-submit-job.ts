import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import type { BulkJobView } from '../../../contract/bulk-jobs.ts';
import { requestAt } from '../../api/client.ts';
import { useFieldErrors } from '../../components/form-parts.tsx';
import { useAskAgain } from './ask-again.ts';

export interface JobSubmission {
  readonly submit: (dryRun: boolean) => void;
  readonly pending: 'dry' | 'real' | undefined;
  readonly error: unknown;
  readonly errors: Readonly<Record<string, string>>;
  readonly submitted: boolean;
}

/** Submits a job and goes to its page, where what it does is shown as it does it. `before`: asks, where that is due. */
export function useSubmitJob(
  path: string,
  body: (dryRun: boolean) => Record<string, unknown>,
  before?: () => Promise<boolean>,
): JobSubmission {
  const go = useNavigate();
  const queries = useQueryClient();
  const askAgain = useAskAgain();
  const job = useMutation({
    mutationFn: (dryRun: boolean) =>
      askAgain(
        async (again) =>
          (
            await requestAt<BulkJobView>('POST', `/bulk/jobs/${path}`, {
              body: { ...body(dryRun), ...(again ? { again } : {}) },
            })
          ).body,
      ),
    onSuccess: async ({ id }) => {
      await go(`/bulk/jobs/${id}`);
      await queries.invalidateQueries({ queryKey: ['list', '/bulk/jobs'] });
    },
  });
  const submit = async (dryRun: boolean) => {
    if (!dryRun && before !== undefined && !(await before())) return;
    job.mutate(dryRun);
  };
  return {
    submit: (dryRun) => void submit(dryRun),
    pending: job.isPending ? (job.variables ? 'dry' : 'real') : undefined,
    error: job.error,
    errors: useFieldErrors(job.error),
    submitted: job.isPending || job.isSuccess,
  };
}
