import type { OpenedRecord } from '../../domain/activation/handshake.ts';
import type { ConfirmedDevice } from '../../domain/activation/ports.ts';
import type { OnboardingEvent, Timeline } from '../../domain/ports.ts';
import type { MicSubject } from '../../domain/trust/mic-subject.ts';
import { phoneModelOfProduct } from '../../identifiers/phone-model.ts';
import { toHex } from '../../kernel/bytes.ts';
import type { DasRefusal } from './das-answer.ts';
import type { DasConnection, PendingHandshake } from './das-connection.ts';

/** What the timeline is told of a handshake: more than the phone may know. Never waited for. */
export class DasStory {
  readonly #timeline: Timeline;

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
  }

  /** A step of a handshake whose record and certificate are known. */
  tell(
    connection: DasConnection,
    { mic, record, handshake }: Pick<PendingHandshake, 'mic' | 'record' | 'handshake'>,
    event: OnboardingEvent,
  ): void {
    this.#timeline.record({
      attempt: toHex(handshake.sid),
      ...of(record),
      ...by(mic.subject),
      sourceAddress: connection.source,
      ...event,
      ...at(connection, event.detail),
    });
  }

  confirmed(connection: DasConnection, { deviceId, deviceName, model }: ConfirmedDevice, mac: string): void {
    this.#timeline.record({
      ...(deviceId !== undefined && { deviceId }),
      deviceName,
      mac,
      model,
      step: 'confirm',
      result: 'ok',
      ...at(connection, { by: 'message' }),
      sourceAddress: connection.source,
    });
  }

  /**
   * Also for phones that match no record: by what their certificate says, or claims. `pending` when the handshake is known; `reason` when the
   * cluster knows better than the answer may say.
   */
  refused(connection: DasConnection, step: string, refusal: DasRefusal, pending?: PendingHandshake, reason?: string) {
    const { mic } = connection;
    const subject = mic?.accepted ? mic.subject : mic?.claimed;
    this.#timeline.record({
      ...(pending && { attempt: toHex(pending.handshake.sid), ...of(pending.record) }),
      ...(subject && by(subject)),
      step,
      result: 'failed',
      reason: reason ?? refusal.error,
      ...at(connection, { ref: refusal.ref, message: refusal.message }),
      sourceAddress: connection.source,
    });
  }
}

const of = ({ device }: OpenedRecord) =>
  device && { ...(device.id !== undefined && { deviceId: device.id }), deviceName: device.name };

const by = ({ mac, product }: MicSubject) => ({ mac, model: phoneModelOfProduct(product)?.name ?? product });

/** Over which edge, beside what else there is to tell. */
const at = ({ channel: { edge } }: DasConnection, detail: OnboardingEvent['detail']) =>
  edge === undefined ? detail && { detail } : { detail: { ...detail, edge } };
