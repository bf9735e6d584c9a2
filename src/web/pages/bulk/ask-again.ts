import { isProblem } from '../../api/problem.ts';
import { ask } from '../../components/ask.tsx';
import { useText } from '../../i18n/use-text.ts';

/** Does `work`; where the same rows were inserted before, asks and does it knowingly. A no leaves the refusal as it is. */
export function useAskAgain() {
  const { t } = useText();
  return async <T>(work: (again: boolean) => Promise<T>): Promise<T> => {
    try {
      return await work(false);
    } catch (error) {
      if (!isProblem(error, 'bulk_file_done_before')) throw error;
      const yes = await ask({
        title: t('bulk.againTitle'),
        text: t('bulk.againText', { id: Number(error.members['job']) }),
        confirm: t('bulk.again'),
        cancel: t('action.cancel'),
        dangerous: true,
      });
      if (!yes) throw error;
      return work(true);
    }
  };
}
