import { say } from '../../texts/say.ts';
import { requireModel } from '../devices/naming.ts';
import { refuseBulk } from './bulk-fault.ts';
import type { Selection } from './job.ts';

/** @throws BulkFault `bulk_selection_unclear`, `bulk_selection_too_wide` */
export function checkSelection({ query, names, file }: Selection): void {
  if ([query, names, file].filter((each) => each !== undefined).length !== 1)
    throw refuseBulk('selection', say('bulk_selection_unclear'));
  if (query === undefined) return;
  const { all, ...conditions } = query;
  if (all !== true && Object.values(conditions).every((each) => each === undefined || each === ''))
    throw refuseBulk('selection.query', say('bulk_selection_too_wide'));
}

/** Models as the system writes them. @throws DeviceFault `model_not_supported` */
export function normalisedSelection(selection: Selection): Selection {
  const model = selection.query?.model;
  return model === undefined ? selection : { query: { ...selection.query, model: requireModel(model).name } };
}
