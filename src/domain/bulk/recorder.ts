import type { PhoneParts } from '../devices/phone-parts.ts';
import type { DeviceCodes, PhoneReferenceStore, PhoneStore, PreparedDeviceCode } from '../devices/ports.ts';

/** What a row made besides its phone: for undo. */
export interface Recorder {
  start(): void;
  /** Whether the code waits for the cloud. */
  readonly draft: boolean;
  taken(): { readonly codeId?: string; readonly madeLines?: readonly string[] };
}

/** The parts of the devices with their ears open: lines and codes that the rules make are noted row by row. */
export function recordingParts(parts: PhoneParts): { readonly parts: PhoneParts; readonly recorder: Recorder } {
  let codeId: string | undefined;
  let draft = false;
  let madeLines: string[] = [];
  const phones: PhoneStore = {
    ...parts.phones,
    async setLines(tx, id, lines, options) {
      const outcome = await parts.phones.setLines(tx, id, lines, options);
      if (outcome.kind === 'set') madeLines.push(...outcome.made.map((line) => line.id));
      return outcome;
    },
  };
  const codes: DeviceCodes = {
    ...parts.codes,
    async issue(tx, prepared, code) {
      const issued = await parts.codes.issue(tx, prepared, code);
      codeId = issued.id;
      draft = !('code' in issued);
      return issued;
    },
  };
  return {
    parts: { ...parts, phones, codes },
    recorder: {
      start() {
        codeId = undefined;
        draft = false;
        madeLines = [];
      },
      get draft() {
        return draft;
      },
      taken: () => ({ ...(codeId === undefined ? {} : { codeId }), ...(madeLines.length === 0 ? {} : { madeLines }) }),
    },
  };
}

/** Parts for a dry run: nothing costly, nothing that leaves the transaction, which is rolled back in any case. */
export function dryParts(parts: PhoneParts): PhoneParts {
  return {
    ...parts,
    codes: {
      ...parts.codes,
      prepare: () => Promise.resolve(standIn),
      issue: (() => Promise.resolve({ id: '', expiresAt: new Date(0) })) as unknown as DeviceCodes['issue'],
    },
    timeline: { record() {} },
  };
}

const standIn: PreparedDeviceCode = {};

/** Remembers what was looked up, for the length of a few rows: they name the same pool and profiles again and again. */
export function rememberingReferences(store: PhoneReferenceStore): PhoneReferenceStore {
  const memory = new Map<string, Promise<unknown>>();
  const remember = <T>(key: string, look: () => Promise<T>): Promise<T> => {
    const known = memory.get(key) as Promise<T> | undefined;
    if (known !== undefined) return known;
    const found = look();
    memory.set(key, found);
    return found;
  };
  return {
    ...store,
    references: (tx, model, wanted) =>
      remember(
        JSON.stringify([
          model,
          wanted.devicePool,
          wanted.phoneButtonTemplate,
          wanted.phoneSecurityProfile,
          wanted.sipProfile,
          wanted.commonPhoneProfile,
        ]),
        () => store.references(tx, model, wanted),
      ),
    owner: (tx, userId) => remember(`owner ${userId.toLowerCase()}`, () => store.owner(tx, userId)),
    activationTimeToLiveHours: (tx) => remember('time to live', () => store.activationTimeToLiveHours(tx)),
  };
}
