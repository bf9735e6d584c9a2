import type { WorkedRow } from './ports.ts';

/** What a dry run made is gone again: it has no id, and a BAT name will be another one. */
export function asDryRow(row: WorkedRow): WorkedRow {
  const { deviceId: _, versionAfter: __, codeId: ___, madeLines: ____, before: _____, ...rest } = row;
  const made = row.action === 'add' && row.deviceName?.startsWith('BAT') === true;
  return {
    ...rest,
    deviceName: made ? undefined : row.deviceName,
    changes: made
      ? (row.changes ?? []).map((change) => (change.field === 'name' ? { ...change, to: 'BAT…' } : change))
      : row.changes,
  };
}
