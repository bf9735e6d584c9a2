/** One of the models that can be onboarded by activation code. Source: both seeds (12.5(1) and 12.5(1)SU1 lists). */
export interface PhoneModel {
  /** As administrators write it: `Cisco 8845`. */
  readonly name: PhoneModelName;
  /** `8845`, `8851NR`. */
  readonly number: string;
  /** As the MIC says it: `CP-8845`. */
  readonly product: string;
  /** Unified CM type id: loadInformationNNN, the SIP Contact model parameter, RIS. */
  readonly typeId: number;
  /** Prefix of its firmware load names: `sip8845_65.`. */
  readonly loadFamily: string;
  /** Line keys of the phone itself. */
  readonly lines: number;
  /** Can scan a QR code with its own camera. */
  readonly camera: boolean;
}

export type PhoneModelName = string & { readonly __brand: 'PhoneModelName' };

const model = (number: string, typeId: number, loadFamily: string, lines: number, camera = false): PhoneModel => ({
  name: `Cisco ${number}` as PhoneModelName,
  number,
  product: `CP-${number}`,
  typeId,
  loadFamily,
  lines,
  camera,
});

export const phoneModels: readonly PhoneModel[] = [
  model('7811', 36213, 'sip78xx.', 1),
  model('7821', 621, 'sip78xx.', 2),
  model('7832', 36247, 'sip7832.', 1),
  model('7841', 622, 'sip78xx.', 4),
  model('7861', 623, 'sip78xx.', 16),
  model('8811', 36217, 'sip88xx.', 5),
  model('8832', 36258, 'sip8832.', 1),
  model('8832NR', 36260, 'sip8832.', 1),
  model('8841', 683, 'sip88xx.', 5),
  model('8845', 36224, 'sip8845_65.', 5, true),
  model('8851', 684, 'sip88xx.', 5),
  model('8851NR', 36232, 'sip88xx.', 5),
  model('8861', 685, 'sip88xx.', 5),
  model('8865', 36225, 'sip8845_65.', 5, true),
  model('8865NR', 36248, 'sip8845_65.', 5, true),
];

const byKey = new Map<string, PhoneModel>();
for (const each of phoneModels) {
  byKey.set(each.number, each);
  byKey.set(each.product, each);
  byKey.set(each.name.toUpperCase(), each);
}

/** Accepts `Cisco 8845`, `CP-8845`, `8845`, any case. Undefined for models that cannot be onboarded by code. */
export function parsePhoneModel(text: string): PhoneModel | undefined {
  return byKey.get(text.trim().toUpperCase());
}

/** By the MIC's product name, exactly: `CP-8845`. */
export function phoneModelOfProduct(product: string): PhoneModel | undefined {
  const found = byKey.get(product);
  return found?.product === product ? found : undefined;
}
