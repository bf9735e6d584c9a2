import type { RegisteringDevice } from './ports.ts';

/**
 * Which of the phones that have the dialled number are meant: one line has one partition, and a number may stand in several. The caller's own
 * partitions come first, then `<None>`, then the others by name. Locked and disabled phones never ring.
 */
export function dialled(
  number: string,
  having: readonly RegisteringDevice[],
  caller: RegisteringDevice | undefined,
): readonly RegisteringDevice[] {
  const partitionOf = (device: RegisteringDevice): string =>
    device.lines.find((line) => line.number === number)?.partition ?? '';
  const own = new Set(caller?.lines.map((line) => line.partition));
  const order = [...new Set(having.map(partitionOf))].toSorted(
    (a, b) => Number(own.has(b)) - Number(own.has(a)) || (a < b ? -1 : 1),
  );
  return having.filter((device) => partitionOf(device) === order[0] && !device.locked && device.enabled);
}
