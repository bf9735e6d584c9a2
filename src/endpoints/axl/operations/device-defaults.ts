import type {
  DeviceDefault,
  DeviceDefaultChange,
  DeviceDefaultService,
} from '../../../domain/devices/device-defaults.ts';
import type { LookupKind, ObjectLookup } from '../../../domain/integrations/object-lookup.ts';
import { parsePhoneModel, phoneModels } from '../../../identifiers/phone-model.ts';
import type { XmlTree } from '../../../protocol/phone-config/xml-reader.ts';
import { child, text } from '../../../protocol/soap/elements.ts';
import { itemNotValid } from '../axl-fault.ts';
import { type Elements, each, listing } from '../elements.ts';
import { matchesLike } from '../like.ts';
import { idsOf, readPage, readPatterns } from '../lists.ts';
import type { AxlOperation } from '../operation.ts';
import { type Fields, readWanted, row, uuidAttribute } from '../reply.ts';
import { deviceDefaultsOrder } from '../schema-order.ts';
import { boolean, readUuid, reference, writeUuid } from '../values.ts';

const what = 'Device Defaults';
const keys = each('read', ['uuid', 'Model', 'Protocol']);
const changed: Elements = {
  ...keys,
  ...each('read', [
    'LoadInformation',
    'InactiveLoadInformation',
    'DevicePoolName',
    'PhoneButtonTemplate',
    'PreferActCodeOverAutoReg',
  ]),
  VersionStamp: 'ignored',
};

/** getDeviceDefaults, updateDeviceDefaults, listDeviceDefaults. The key is uuid, or Model and Protocol. */
export function deviceDefaultOperations(defaults: DeviceDefaultService, lookup: ObjectLookup): readonly AxlOperation[] {
  const meant = async (request: XmlTree): Promise<DeviceDefault> => {
    const uuid = readUuid(text(request, 'uuid') ?? request.attributes['uuid']);
    const given = text(request, 'Model') ?? '';
    const model = given === '' ? phoneModels.find((each) => uuidOf(each.name) === uuid) : parsePhoneModel(given);
    const protocol = text(request, 'Protocol') ?? 'SIP';
    if (model === undefined || (protocol !== '' && protocol !== 'SIP')) throw itemNotValid(what);
    return defaults.find(model.name);
  };
  const shown = async (rows: readonly DeviceDefault[], request: XmlTree, lists: boolean) => {
    const ids = await idsOf(
      lookup,
      new Map<LookupKind, readonly string[]>([
        ['device-pool', rows.map((each) => each.devicePool)],
        ['phone-button-template', rows.map((each) => each.phoneButtonTemplate)],
      ]),
    );
    const order = deviceDefaultsOrder.filter((tag) => !(lists && tag === 'VersionStamp'));
    const wanted = readWanted(request);
    return rows.map((each) =>
      row('deviceDefaults', order, fieldsOf(each, ids), wanted, uuidAttribute(uuidOf(each.model))),
    );
  };
  return [
    {
      name: 'getDeviceDefaults',
      what,
      takes: { ...keys, returnedTags: 'read' },
      needs: ['settings.read'],
      handle: async ({ element }) => shown([await meant(element)], element, false),
    },
    {
      name: 'listDeviceDefaults',
      what,
      takes: listing(['Model', 'Protocol']),
      needs: ['settings.read'],
      async handle({ element }) {
        const { Model = '%', Protocol = '%' } = readPatterns(element);
        const { skip, first } = readPage(element);
        const fitting = matchesLike('SIP', Protocol)
          ? (await defaults.list()).filter((each) => matchesLike(each.model, Model))
          : [];
        return shown(fitting.slice(skip, skip + first), element, true);
      },
    },
    {
      name: 'updateDeviceDefaults',
      what,
      takes: { ...changed, deviceDefaults: { inside: changed } },
      needs: ['settings.write'],
      async handle({ element, caller }) {
        const { model } = await meant(element);
        const tree = child(element, 'deviceDefaults') ?? element;
        const prefersCode = boolean(tree, 'PreferActCodeOverAutoReg');
        const devicePool = reference(tree, 'DevicePoolName')?.name;
        const phoneButtonTemplate = reference(tree, 'PhoneButtonTemplate')?.name;
        const loadInformation = text(tree, 'LoadInformation');
        const inactiveLoadInformation = text(tree, 'InactiveLoadInformation');
        const change: DeviceDefaultChange = {
          ...(prefersCode !== undefined && {
            onPremiseOnboardingMethod: prefersCode ? 'ActivationCode' : 'AutoRegistration',
          }),
          ...(devicePool && { devicePool }),
          ...(phoneButtonTemplate && { phoneButtonTemplate }),
          ...(loadInformation !== undefined && { loadInformation }),
          ...(inactiveLoadInformation !== undefined && { inactiveLoadInformation }),
        };
        await defaults.change([{ model, change }], caller.actor);
        return writeUuid(uuidOf(model));
      },
    },
  ];
}

function fieldsOf(each: DeviceDefault, ids: ReadonlyMap<string, string>): Fields {
  return {
    Model: each.model,
    Protocol: 'SIP',
    LoadInformation: each.loadInformation,
    InactiveLoadInformation: each.inactiveLoadInformation,
    DevicePoolName: { name: each.devicePool, uuid: ids.get(`device-pool ${each.devicePool}`) },
    PhoneButtonTemplate: {
      name: each.phoneButtonTemplate,
      uuid: ids.get(`phone-button-template ${each.phoneButtonTemplate}`),
    },
    VersionStamp: String(each.version),
    PreferActCodeOverAutoReg: each.onPremiseOnboardingMethod === 'ActivationCode',
  };
}

/** A model's row has no id of its own: the type id stands in a fixed place of a constant uuid. */
function uuidOf(model: string): string {
  const typeId = parsePhoneModel(model)?.typeId ?? 0;
  return `f1257126-0de7-4def-a017-${String(typeId).padStart(12, '0')}`;
}
