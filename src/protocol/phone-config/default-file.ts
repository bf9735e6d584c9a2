import { utf8 } from '../../kernel/bytes.ts';
import { MalformedError } from '../../kernel/errors.ts';
import type { DefaultFile, Onboarding } from './model.ts';
import {
  readCallManagerGroup,
  readOnboarding,
  readTvs,
  writeCallManagerGroup,
  writeOnboarding,
  writeTvs,
} from './shared-elements.ts';
import { readXml, textOf } from './xml-reader.ts';
import { branch, leaf, writeXml } from './xml-writer.ts';

/** XMLDefault.cnf.xml; order as in reference/field-facts.md §1.2, then our own block. */
export function writeDefaultFile(file: DefaultFile): Uint8Array {
  return utf8(
    writeXml(
      branch('Default', [
        leaf('autoRegistrationName', file.autoRegistrationName),
        leaf('autoRegistration', file.autoRegistration ? 'enabled' : ''),
        leaf('selfProvisioningSecureMode', true),
        leaf('adminProvisionMode', false),
        leaf('ipAddressMode', 0),
        leaf('ipPreferenceModeControl', 0),
        leaf('ipMediaAddressFamilyPreference', 0),
        writeCallManagerGroup(file.callManagerGroup),
        writeTvs(file.tvs),
        ...file.loads.map(({ typeId, model, load }) => leaf(`loadInformation${typeId}`, load, { model })),
        writeOnboarding(file.onboarding),
      ]),
    ),
  );
}

/** As a phone reads it: `onboarding` undefined when the server knows nothing of codes. Throws MalformedError. */
export function readDefaultFile(bytes: Uint8Array): Omit<DefaultFile, 'onboarding'> & {
  readonly onboarding: Onboarding | undefined;
} {
  const root = readXml(bytes);
  if (root.name !== 'Default') throw new MalformedError('root element is not Default');
  const child = (name: string) => root.children.find((each) => each.name === name);
  const loads = root.children.flatMap(({ name, attributes, text }) => {
    const typeId = /^load[Ii]nformation([0-9]{1,6})$/.exec(name)?.[1];
    return typeId === undefined
      ? []
      : [{ typeId: Number(typeId), model: attributes['model'] ?? '', load: text.trim() }];
  });
  return {
    autoRegistrationName: textOf(root, 'autoRegistrationName'),
    autoRegistration: textOf(root, 'autoRegistration') === 'enabled',
    callManagerGroup: readCallManagerGroup(child('callManagerGroup')),
    tvs: readTvs(child('TVS')),
    loads,
    onboarding: readOnboarding(root),
  };
}
