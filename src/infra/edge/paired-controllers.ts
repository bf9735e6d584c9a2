import { randomBytes } from 'node:crypto';
import { EdgeFault } from '../../domain/edge/edge-fault.ts';
import { equalBytes } from '../../kernel/bytes.ts';
import type { Clock } from '../../kernel/clock.ts';
import { writePairingText } from '../../protocol/tunnel/pairing.ts';
import { say } from '../../texts/say.ts';
import type { StateFile } from './state-file.ts';

/** A C that E knows. */
export interface PairedController {
  readonly name: string;
  /** Lower-case hex. */
  readonly certificateSha256: string;
  /** ISO 8601. */
  readonly since: string;
}

/** What E keeps between two runs. */
export interface EdgeRecord {
  readonly controllers: readonly PairedController[];
  /** Whether phones were asked for their certificate last: E goes on so until a C tells otherwise. */
  readonly asksForCertificate: boolean;
}

/** Minutes of a pairing text. */
export const pairingLife = 15;
const mostTexts = 16;

/** Who may dial in, and the pairing texts that are out. Texts live in memory only: a restart ends them. */
export class PairedControllers {
  readonly #file: StateFile<EdgeRecord>;
  readonly #clock: Clock;
  #texts: { readonly secret: Buffer; readonly until: number }[] = [];

  constructor(file: StateFile<EdgeRecord>, clock: Clock) {
    this.#file = file;
    this.#clock = clock;
  }

  get list(): readonly PairedController[] {
    return this.#file.value.controllers;
  }

  nameOf(certificateSha256: string): string | undefined {
    return this.list.find((each) => each.certificateSha256 === certificateSha256)?.name;
  }

  /** `place`: what C needs to find and to check this E. */
  newText(place: {
    readonly name: string;
    readonly address: string;
    readonly certificateSha256: Uint8Array;
    readonly assertionKey: Uint8Array;
  }): { readonly text: string; readonly expiresAt: Date } {
    const secret = randomBytes(32);
    const until = this.#clock.now() + pairingLife * 60_000;
    this.#texts = [...this.#open(), { secret, until }].slice(-mostTexts);
    const text = writePairingText({ ...place, secret, expiresAt: Math.floor(until / 1000) });
    return { text, expiresAt: new Date(until) };
  }

  openSecrets(): readonly Uint8Array[] {
    return this.#open().map(({ secret }) => secret);
  }

  #open() {
    const now = this.#clock.now();
    return this.#texts.filter(({ until }) => until > now);
  }

  async paired(secret: Uint8Array, controller: { name: string; certificateSha256: string }): Promise<boolean> {
    const before = this.#texts.length;
    // Used up before anything is awaited: two that come at once cannot both have it.
    this.#texts = this.#texts.filter((text) => !equalBytes(text.secret, secret));
    if (this.#texts.length === before) return false;
    const since = new Date(this.#clock.now()).toISOString();
    await this.#file.change((now) => ({
      ...now,
      // A C that was set up anew takes the place of the one of its name.
      controllers: [...now.controllers.filter(({ name }) => name !== controller.name), { ...controller, since }],
    }));
    return true;
  }

  /** Throws EdgeFault `controller_unknown`. */
  async remove(name: string): Promise<void> {
    if (!this.list.some((each) => each.name === name)) {
      throw new EdgeFault('caller', say('controller_unknown', { name }), { field: 'name' });
    }
    await this.#file.change((now) => ({ ...now, controllers: now.controllers.filter((each) => each.name !== name) }));
  }
}

export function isEdgeRecord(value: unknown): value is EdgeRecord {
  const record = value as EdgeRecord | null;
  return (
    typeof record === 'object' &&
    record !== null &&
    typeof record.asksForCertificate === 'boolean' &&
    Array.isArray(record.controllers) &&
    record.controllers.every((each) => typeof each?.name === 'string' && /^[0-9a-f]{64}$/.test(each.certificateSha256))
  );
}
