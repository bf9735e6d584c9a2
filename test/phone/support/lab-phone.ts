import type { MacAddress } from '../../../src/identifiers/mac-address.ts';
import { parsePhoneModel } from '../../../src/identifiers/phone-model.ts';
import { micMaker } from '../../../src/phone/identity/mic.ts';
import { Phone } from '../../../src/phone/phone.ts';
import type { PhoneOptions, TimedStep } from '../../../src/phone/phone-options.ts';
import { memoryStore } from '../../../src/phone/state/store.ts';
import { typedOnce } from '../../../src/phone/terminal/prompt.ts';
import type { OddCluster } from './odd-cluster.ts';

export interface LabPhone {
  readonly phone: Phone;
  readonly steps: TimedStep[];
  /** `step outcome`, in order. */
  told(): readonly string[];
  /** Resolves with `registered`, or the fault's code. */
  boot(): Promise<string>;
}

const mac = '001122334455' as MacAddress;

export function labPhone(
  cluster: OddCluster,
  code: string | undefined,
  changes: Partial<PhoneOptions> & { patient?: boolean } = {},
): LabPhone {
  const { patient = false, ...options } = changes;
  const model = parsePhoneModel('8845')!;
  const { manufacturer } = cluster;
  const steps: TimedStep[] = [];
  const phone = new Phone({
    setup: { model, mac, deviceName: `SEP${mac}`, factoryLoad: 'sip8845_65.1', patient },
    mic: micMaker(manufacturer.pem, manufacturer.keyPem).make(model, mac),
    store: memoryStore(),
    find: { by: 'hand', servers: [cluster.server] },
    askCode: typedOnce(code),
    onStep: (step) => steps.push(step),
    ...options,
  });
  return {
    phone,
    steps,
    told: () => steps.map(({ step, outcome }) => `${step} ${outcome}`),
    async boot() {
      await phone.powerOn();
      return await phone.ready.then(
        () => 'registered',
        (error: { code: string; cause?: unknown; message: string }) =>
          error.code === 'defect' ? `defect: ${error.message}` : error.code,
      );
    },
  };
}
