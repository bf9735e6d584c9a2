import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { sepName } from '../../identifiers/device-name.ts';
import { isMacAddress, type MacAddress, parseMacAddress } from '../../identifiers/mac-address.ts';
import { parsePhoneModel, phoneModels } from '../../identifiers/phone-model.ts';
import type { HostPort } from '../boot/types.ts';
import { loadMicMaker, type MicMaker } from '../identity/mic.ts';
import type { RemoteOptions } from '../mra/drivers.ts';
import type { TimedStep } from '../phone-options.ts';
import { LabFault } from './faults.ts';
import { LabPhone } from './lab-phone.ts';
import { type Meddler, startMeddler } from './meddler.ts';
import { type Mishap, mixedUp } from './mishaps.ts';
import { NewsFeed } from './news.ts';

export interface ManufacturerFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

export interface BenchOptions {
  /** Emptied when the bench is set up and when it is cleared. */
  readonly directory: string;
  readonly tftp: HostPort;
  readonly http: HostPort;
  readonly manufacturer: () => Promise<ManufacturerFiles>;
  /** One that nobody trusts. */
  readonly stranger: () => Promise<ManufacturerFiles>;
  /** How phones of the bench come in from outside; undefined: there is no outside (yet). */
  readonly remote?: () => RemoteOptions | undefined;
  /** How many phones have room. */
  readonly most: number;
}

export interface BenchRequest {
  readonly model: string;
  readonly mac?: string;
  readonly count: number;
  readonly mishap?: Mishap | null;
  readonly plugIn: boolean;
  readonly atHome?: boolean;
}

interface Placed {
  readonly phone: LabPhone;
  changed: number;
}

/** Steps kept, over all phones. */
const stepsKept = 4000;
const longestWaitMs = 25_000;

/** Reference phones side by side, and the news of them. */
export class PhoneBench implements AsyncDisposable {
  readonly #options: BenchOptions;
  readonly #placed = new Map<string, Placed>();
  readonly #feed = new NewsFeed<ReturnType<typeof stepView>>(randomBytes(6).toString('hex'), stepsKept);
  readonly #makers = new Map<'known' | 'stranger', Promise<MicMaker>>();
  #meddler: Promise<Meddler> | undefined;
  #cleared = false;

  private constructor(options: BenchOptions) {
    this.#options = options;
  }

  static async setUp(options: BenchOptions): Promise<PhoneBench> {
    await rm(options.directory, { recursive: true, force: true });
    return new PhoneBench(options);
  }

  async news(since: string | undefined, waitMs: number) {
    const from = this.#feed.readCursor(since);
    if (from !== undefined && !this.#feed.isNew(from) && waitMs > 0 && !this.#cleared) {
      await this.#feed.wait(Math.min(waitMs, longestWaitMs));
    }
    const at = this.#feed.readCursor(since) ?? -1;
    return {
      cursor: this.#feed.cursor,
      whole: at < 0,
      ids: [...this.#placed.keys()],
      phones: [...this.#placed.values()].filter((each) => each.changed > at).map((each) => phoneView(each.phone)),
      steps: this.#feed.after(at),
      most: this.#options.most,
    };
  }

  /** All of them or none. Throws LabFault. */
  async add(request: BenchRequest) {
    const label = parsePhoneModel(request.model);
    if (label === undefined) {
      throw new LabFault('caller', 'lab_model_unknown', `There is no phone ${request.model} here.`, {
        field: 'model',
        remedy: `These are: ${phoneModels.map(({ number }) => number).join(', ')}.`,
      });
    }
    if (request.atHome === true) this.#needOutside();
    const mishap = request.mishap ?? undefined;
    const model = mishap === 'wrong-model' ? mixedUp(label) : label;
    const [maker, find] = await Promise.all([
      this.#maker(mishap === 'unknown-manufacturer' ? 'stranger' : 'known'),
      this.#findBy(mishap),
    ]);
    if (this.#placed.size + request.count > this.#options.most) {
      throw new LabFault('policy', 'lab_full', `The lab has room for ${this.#options.most} phones.`, {
        remedy: 'Take some phones away.',
      });
    }
    const macs = this.#macs(request);
    const made = macs.map((mac) => {
      const id = sepName(mac);
      const placed: Placed = {
        changed: 0,
        phone: new LabPhone({
          id,
          label: label.name,
          setup: { model, mac, deviceName: id, factoryLoad: `${model.loadFamily}14-2-1-0001-1`, patient: true },
          mic: maker.make(model, mac),
          find,
          remote: () => this.#options.remote?.(),
          atHome: request.atHome === true,
          mishap,
          stateDirectory: this.#options.directory,
          onChange: () => {
            placed.changed = this.#feed.next();
          },
          onStep: (step) => this.#feed.add(stepView(id, this.#feed.next(), step)),
        }),
      };
      this.#placed.set(id, placed);
      placed.changed = this.#feed.next();
      return placed.phone;
    });
    if (request.plugIn) for (const phone of made) phone.plugIn();
    return made.map(phoneView);
  }

  /** Does something with one phone and gives what it looks like then. Throws LabFault. */
  async with(id: string, work: (phone: LabPhone) => Promise<void> | void) {
    const phone = this.#find(id);
    await work(phone);
    return phoneView(phone);
  }

  /** Carries a phone outside or back in. Throws LabFault. */
  async place(id: string, atHome: boolean) {
    if (atHome) this.#needOutside();
    return await this.with(id, (phone) => phone.carry(atHome));
  }

  async remove(id: string): Promise<void> {
    const phone = this.#find(id);
    this.#placed.delete(id);
    this.#feed.drop((step) => step.phone === id);
    this.#feed.next();
    await phone.remove();
    await phone.factoryReset();
  }

  /** Pulls all cables. Phones say goodbye to nobody: their system stops as well. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#cleared = true;
    this.#feed.wake();
    const phones = [...this.#placed.values()];
    this.#placed.clear();
    await Promise.allSettled(phones.map(({ phone }) => phone.unplug()));
    await (await this.#meddler?.catch(() => undefined))?.[Symbol.asyncDispose]();
    await rm(this.#options.directory, { recursive: true, force: true });
  }

  #needOutside(): void {
    if (this.#options.remote?.() !== undefined) return;
    throw new LabFault('policy', 'lab_no_outside', 'This laboratory has no cloud and no edge.', {
      remedy: 'Start it with --lab and without mra.enabled: false.',
    });
  }

  #find(id: string): LabPhone {
    const placed = this.#placed.get(id.toUpperCase());
    if (placed === undefined) {
      throw new LabFault('caller', 'lab_phone_not_found', `There is no phone ${id} in the lab.`, {
        field: 'id',
        remedy: 'It may have been taken away, or the node was restarted.',
      });
    }
    return placed.phone;
  }

  #maker(whose: 'known' | 'stranger'): Promise<MicMaker> {
    const known = this.#makers.get(whose);
    if (known !== undefined) return known;
    const files = whose === 'known' ? this.#options.manufacturer() : this.#options.stranger();
    const maker = files.then(({ certFile, keyFile }) => loadMicMaker(certFile, keyFile, 'p256'));
    this.#makers.set(whose, maker);
    maker.catch(() => this.#makers.delete(whose));
    return maker;
  }

  async #findBy(mishap: Mishap | undefined) {
    const { tftp } = this.#options;
    let { http } = this.#options;
    if (mishap === 'tampered-trust-list') {
      this.#meddler ??= startMeddler(http);
      http = (await this.#meddler).at;
    }
    return { by: 'hand', servers: [{ tftp, http }] } as const;
  }

  #macs({ mac, count }: BenchRequest): readonly MacAddress[] {
    const first = mac === undefined || mac.trim() === '' ? freshMac() : parseMacAddress(mac);
    const macs = first === undefined ? [] : Array.from({ length: count }, (_, at) => counted(first, at));
    if (macs.length === 0 || !macs.every(isMacAddress)) {
      throw new LabFault('caller', 'lab_mac_invalid', `${mac} is not the MAC address of a phone.`, {
        field: 'mac',
        remedy: 'Twelve hex digits; the second one is even.',
      });
    }
    const taken = macs.find((each) => this.#placed.has(sepName(each)));
    if (taken === undefined) return macs;
    throw new LabFault('policy', 'lab_mac_taken', `A phone of the lab has the MAC address ${taken}.`, {
      field: 'mac',
      remedy: 'Choose another, or leave it out.',
    });
  }
}

/** Locally administered, so that it is nobody's; the last octet leaves room to count up. */
function freshMac(): MacAddress {
  return `02${randomBytes(4).toString('hex').toUpperCase()}00` as MacAddress;
}

function counted(first: MacAddress, by: number): string {
  return (BigInt(`0x${first}`) + BigInt(by)).toString(16).toUpperCase().padStart(12, '0');
}

function phoneView(phone: LabPhone) {
  const { model, mac, deviceName } = phone.setup;
  return {
    id: phone.id,
    deviceName,
    mac,
    model: model.name,
    label: phone.label,
    camera: model.camera,
    lineKeys: model.lines,
    mishap: phone.mishap ?? null,
    plugged: phone.plugged,
    atHome: phone.atHome,
    directoryNumbers: phone.directoryNumbers,
    screen: phone.screen,
  };
}

function stepView(phone: string, seq: number, { atMs, step, outcome, text, fault, remedy }: TimedStep) {
  return { phone, seq, atMs, step, outcome, text, fault: fault ?? null, remedy: remedy ?? null };
}
