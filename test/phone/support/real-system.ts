import { readFile } from 'node:fs/promises';
import type { MacAddress } from '../../../src/identifiers/mac-address.ts';
import { parsePhoneModel } from '../../../src/identifiers/phone-model.ts';
import { fileServer, hostPort } from '../../../src/phone/files/servers.ts';
import { type MicMaker, micMaker } from '../../../src/phone/identity/mic.ts';
import { Phone } from '../../../src/phone/phone.ts';
import type { PhoneOptions, TimedStep } from '../../../src/phone/phone-options.ts';
import { memoryStore } from '../../../src/phone/state/store.ts';
import { typedOnce } from '../../../src/phone/terminal/prompt.ts';
import type { RunningProgram } from '../../support/all-in-one.ts';

/** The options that point `firstring phone` at a running system. */
export function aimedAt({ dataDirectory }: RunningProgram): readonly string[] {
  return ['--runtime', `${dataDirectory}/runtime.json`];
}

/** Adds a phone that needs a code. Resolves with its device name and its code. */
export async function addPhone(
  system: RunningProgram,
  phone: Readonly<Record<string, unknown>> = {},
): Promise<{ name: string; code: string }> {
  const added = await system.rest('POST', '/phones', { model: 'Cisco 8845', requiresActivationCode: true, ...phone });
  if (added.status !== 201) throw new Error(`POST /phones: ${added.status} ${JSON.stringify(added.body)}`);
  const { name } = added.body as { name: string };
  const shown = await system.rest('GET', `/phones/${name}/activation-code`);
  return { name, code: (shown.body as { code: string }).code };
}

export async function labOf(system: RunningProgram): Promise<MicMaker> {
  const { manufacturerCaCert, manufacturerCaKey } = system.lab!;
  return micMaker(await readFile(manufacturerCaCert, 'utf8'), await readFile(manufacturerCaKey, 'utf8'));
}

let next = 1;

/** A MAC no other phone of this run has. */
export function freshMac(): MacAddress {
  return `02AA${(next++).toString(16).toUpperCase().padStart(8, '0')}` as MacAddress;
}

export interface RealPhone {
  readonly phone: Phone;
  readonly mac: MacAddress;
  readonly name: string;
  readonly steps: TimedStep[];
  told(): readonly string[];
  /** Resolves with `registered`, or the fault's code. */
  boot(): Promise<string>;
}

export interface RealPhoneOptions extends Partial<Omit<PhoneOptions, 'setup'>> {
  readonly mac?: MacAddress;
  readonly model?: string;
  readonly patient?: boolean;
  /** How it goes outside: see BootSetup. */
  readonly outside?: 'only' | 'fallback';
  /** Several systems are the nodes of one cluster. */
  readonly systems?: readonly RunningProgram[];
}

export function realPhone(
  system: RunningProgram,
  maker: MicMaker,
  code: string | undefined,
  options: RealPhoneOptions = {},
): RealPhone {
  const { mac = freshMac(), model: text = '8845', patient = false, outside, systems = [system], ...rest } = options;
  const model = parsePhoneModel(text)!;
  const steps: TimedStep[] = [];
  const servers = systems.map(({ endpoints }) => {
    const http = endpoints['tftpHttp'];
    return fileServer(endpoints['tftp']!, http === undefined ? undefined : hostPort(http, 6970));
  });
  const phone = new Phone({
    setup: {
      model,
      mac,
      deviceName: `SEP${mac}`,
      factoryLoad: `${model.loadFamily}1`,
      patient,
      ...(outside === undefined ? {} : { remote: outside }),
    },
    mic: maker.make(model, mac),
    store: memoryStore(),
    find: { by: 'hand', servers },
    askCode: typedOnce(code),
    onStep: (step) => steps.push(step),
    ...rest,
  });
  return {
    phone,
    mac,
    name: `SEP${mac}`,
    steps,
    told: () => steps.map(({ step, outcome }) => `${step} ${outcome}`),
    async boot() {
      await phone.powerOn();
      return await phone.ready.then(
        () => 'registered',
        (error: { code: string; message: string }) =>
          error.code === 'defect' ? `defect: ${error.message}` : `${error.code}`,
      );
    },
  };
}

/** Looks until it is so. Rejects after ten seconds with what it saw last. */
export async function eventually<T>(look: () => Promise<T>, so: (seen: T) => boolean): Promise<T> {
  const patience = AbortSignal.timeout(10_000);
  for (;;) {
    const seen = await look();
    if (so(seen)) return seen;
    if (patience.aborted) throw new Error(`it never came to be: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
