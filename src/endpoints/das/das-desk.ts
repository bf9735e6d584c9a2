import { answerRefusal, type DasAnswer, DasRefusal, refusalOf } from './das-answer.ts';
import type { DasConnection } from './das-connection.ts';
import type { DasParts, DasSettings } from './das-options.ts';
import { DasService, type DasStep } from './das-service.ts';

/** Whoever is refused for a while comes back after 1 to 5 s, not all at once. */
export const busy = (message?: string) => new DasRefusal('busy', message, 1 + Math.floor(Math.random() * 5));

/** Before the service, whichever way a request came: is it switched on, is there room, and what is said when something fails. */
export class DasDesk {
  readonly #parts: DasParts;
  readonly #inFlightLimit: number;
  readonly #service: DasService;
  #inFlight = 0;
  /** Who has started may finish; who would start has to wait. */
  draining = false;

  constructor(parts: DasParts, settings: DasSettings) {
    this.#parts = parts;
    this.#inFlightLimit = settings.limits.inFlight;
    this.#service = new DasService(parts, settings);
  }

  /** Never rejects. `read`: the step and its body; throws DasRefusal when there is none. */
  async answer(
    connection: DasConnection,
    read: () => { step: DasStep; body: string } | Promise<{ step: DasStep; body: string }>,
  ): Promise<DasAnswer> {
    this.#inFlight++;
    try {
      const { step, body } = await read();
      this.#admit(connection, step);
      return await this.#service[step](connection, body);
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal.error === 'internal' || refusal.error === 'busy') {
        this.#parts.log[refusal.error === 'internal' ? 'error' : 'warn'](
          { err: refusal.cause ?? refusal, ref: refusal.ref },
          'an activation request failed',
        );
      }
      return answerRefusal(refusal);
    } finally {
      this.#inFlight--;
    }
  }

  #admit(connection: DasConnection, step: DasStep): void {
    if (!this.#parts.serviceActivated()) {
      const off = busy('The Device Activation Service is switched off on this node.');
      throw this.#service.turnAway(connection, step, off, 'service_off');
    }
    if (this.draining || (this.#inFlight > this.#inFlightLimit && step === 'start')) {
      throw this.#service.turnAway(connection, step, busy(), 'busy');
    }
  }
}
