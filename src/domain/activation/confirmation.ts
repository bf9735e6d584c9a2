import { toHex } from '../../kernel/bytes.ts';
import type { Timeline } from '../ports.ts';
import type { ConfirmedBy, HandshakeStore } from './ports.ts';

/**
 * The same MIC's first authenticated configuration fetch or REGISTER confirms its activation (spec §4). Doors call it for every phone they
 * have authenticated by its MIC; most of the time nothing waits, so what was found idle is not asked about again for a while.
 */
export interface MicConfirmation {
  /** `micSha256`: SHA-256 of the MIC's DER. True when this confirmed something. */
  confirmByMic(micSha256: Uint8Array, by: Exclude<ConfirmedBy, 'message'>): Promise<boolean>;
}

/** Longer than any reply takes to become a first REGISTER; short enough that a repeated activation is confirmed too. Milliseconds. */
const idleFor = 60_000;
const remembered = 50_000;

export function micConfirmation(
  store: Pick<HandshakeStore, 'confirmByMic'>,
  timeline: Timeline,
  clock: { now(): number },
  node: string,
): MicConfirmation {
  const idle = new Map<string, number>();
  return {
    async confirmByMic(micSha256, by) {
      const key = toHex(micSha256);
      const now = clock.now();
      if ((idle.get(key) ?? 0) > now) return false;
      const device = await store.confirmByMic(micSha256, by, node);
      if (idle.size >= remembered) idle.delete(idle.keys().next().value!);
      idle.set(key, now + idleFor);
      if (device === undefined) return false;
      timeline.record({
        ...(device.deviceId !== undefined && { deviceId: device.deviceId }),
        deviceName: device.deviceName,
        mac: device.mac,
        model: device.model,
        step: 'confirm',
        result: 'ok',
        detail: { by },
      });
      return true;
    },
  };
}
