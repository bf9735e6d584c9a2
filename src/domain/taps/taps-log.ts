import type { TapsSession } from './ports.ts';

const columns = ['started', 'seconds', 'node', 'device', 'model', 'from', 'entered', 'record', 'result'] as const;

/** The text behind "View TAPS Log File": one line a call, columns separated by tabs. */
export function tapsLogText(sessions: readonly TapsSession[]): string {
  const lines = sessions.map((each) => [
    each.startedAt.toISOString(),
    each.endedAt === undefined ? '' : String(Math.round((each.endedAt.getTime() - each.startedAt.getTime()) / 1000)),
    each.node,
    each.deviceName,
    each.model,
    each.autoDirectoryNumber,
    each.directoryNumber,
    each.preparedName,
    each.reason === '' ? each.outcome : `${each.outcome}: ${each.reason}`,
  ]);
  return [columns, ...lines].map((cells) => `${cells.map((cell) => (cell === '' ? '-' : cell)).join('\t')}\n`).join('');
}
