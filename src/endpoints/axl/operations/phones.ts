import type { AuditLog } from '../../../domain/audit-log.ts';
import type { ChangePhone } from '../../../domain/devices/change-phone.ts';
import type { Phone } from '../../../domain/devices/phone.ts';
import type { AlsoInTransaction, PhoneService } from '../../../domain/devices/phone-service.ts';
import {
  type DeviceExtras,
  type FoundObject,
  lookupCriteria,
  type ObjectLookup,
} from '../../../domain/integrations/object-lookup.ts';
import type { Actor } from '../../../domain/ports.ts';
import type { DeviceName } from '../../../identifiers/device-name.ts';
import { Fault, MalformedError } from '../../../kernel/errors.ts';
import { readXml, type XmlTree } from '../../../protocol/phone-config/xml-reader.ts';
import { child, text } from '../../../protocol/soap/elements.ts';
import { el, type SoapElement, writeElement } from '../../../protocol/soap/envelope.ts';
import { badValue, missingKey } from '../axl-fault.ts';
import { each, key, listing } from '../elements.ts';
import { idsOf, listed, meant } from '../lists.ts';
import type { AxlOperation } from '../operation.ts';
import { changedPhone, newPhone, phoneTags } from '../phone-elements.ts';
import { readWanted, row, uuidAttribute } from '../reply.ts';
import { phoneListLacks, phoneOrder } from '../schema-order.ts';
import { copied, reference, writeUuid } from '../values.ts';
import {
  identityOf,
  phoneFields,
  type ReferenceKind,
  readDeviceName,
  readLines,
  readPhoneFields,
  referencesOf,
} from './phone-fields.ts';

export interface PhoneOperationParts {
  readonly phones: PhoneService;
  readonly lookup: ObjectLookup;
  readonly extras: DeviceExtras;
  readonly audit: AuditLog;
}

const what = 'Phone';
const reads = ['phones.read'] as const;
const writes = ['phones.write'] as const;

/** addPhone, updatePhone, getPhone, listPhone, removePhone, applyPhone, resetPhone, restartPhone, doDeviceReset. */
export function phoneOperations({ phones, lookup, extras, audit }: PhoneOperationParts): readonly AxlOperation[] {
  const named = (request: XmlTree) => meant(lookup, 'phone', request, what);

  const nameOf = (tree: XmlTree) => async (element: string, kind: ReferenceKind) => {
    const given = reference(tree, element);
    if (given === undefined || given.name !== '' || given.uuid === undefined) return given?.name;
    const found = await lookup.byId(kind, given.uuid);
    if (found === undefined) throw missingKey(element, given.uuid);
    return found.name;
  };

  /** In the transaction of the phone's own change; undefined when the request has none. */
  const keepVendorConfig = (tree: XmlTree, actor: Actor): AlsoInTransaction | undefined => {
    const given = child(tree, 'vendorConfig');
    if (given === undefined) return undefined;
    const xml = given.children.map((each) => writeElement(copied(each))).join('');
    return async (tx, { id, name }) => {
      if (await extras.keepVendorConfig(tx, id, xml))
        await audit.append(tx, {
          actor,
          action: 'phone.vendor-config-kept',
          objectKind: 'phone',
          objectId: id,
          objectName: name,
        });
    };
  };

  const control = (name: string, action: 'reset' | 'restart'): AxlOperation => ({
    name,
    what,
    takes: key,
    needs: writes,
    async handle({ element, caller }) {
      const found = await named(element);
      await phones.control(found.name as DeviceName, action, caller.actor);
      return writeUuid(found.id);
    },
  });

  return [
    {
      name: 'addPhone',
      what,
      takes: { phone: { inside: newPhone } },
      needs: writes,
      async handle({ element, caller }) {
        const tree = required(element, 'phone');
        if (/phone template/i.test(text(tree, 'class') ?? ''))
          throw badValue('class', 'Phone templates are kept by Bulk Administration here; class is Phone.');
        const protocol = text(tree, 'protocol') ?? 'SIP';
        if (protocol !== '' && protocol !== 'SIP')
          throw badValue('protocol', `Phones speak SIP here, not ${protocol.slice(0, 20)}.`);
        const { mac, batName } = identityOf(readDeviceName(text(tree, 'name')));
        const fields = await readPhoneFields(tree, nameOf(tree));
        const phone = await phones.add(
          { ...fields, model: text(tree, 'product') || (text(tree, 'model') ?? ''), mac, batName },
          caller.actor,
          keepVendorConfig(tree, caller.actor),
        );
        return writeUuid(phone.id);
      },
    },
    {
      name: 'updatePhone',
      what,
      takes: changedPhone,
      needs: writes,
      async handle({ element, caller }) {
        const found = await named(element);
        // Some clients wrap what they change.
        const tree = child(element, 'phone') ?? element;
        const fields = await readPhoneFields(tree, nameOf(tree));
        const newName = text(tree, 'newName');
        const change = { ...fields, ...(newName && identityOf(readDeviceName(newName))) };
        const also = keepVendorConfig(tree, caller.actor);
        await withLines(phones, found, tree, change, (changed, version) =>
          phones.change(found.name as DeviceName, changed, caller.actor, version, also),
        );
        return writeUuid(found.id);
      },
    },
    {
      name: 'getPhone',
      what,
      takes: { ...key, returnedTags: { tags: phoneTags } },
      needs: reads,
      async handle({ element }) {
        const found = await named(element);
        const phone = await phones.findById(found.id);
        const ids = await idsOf(lookup, referencesOf([phone]));
        const fields = phoneFields(phone, ids, stored(await extras.vendorConfig(phone.id)));
        return [row('phone', phoneOrder, fields, readWanted(element), uuidAttribute(phone.id))];
      },
    },
    {
      name: 'listPhone',
      what,
      takes: listing(lookupCriteria.phone, phoneTags),
      needs: reads,
      async handle({ element }) {
        const found = await listed(lookup, 'phone', element);
        const all = await lookup.phones(found.map((each) => each.id));
        const ids = await idsOf(lookup, referencesOf(all));
        const wanted = readWanted(element);
        const order = phoneOrder.filter((tag) => !phoneListLacks.has(tag));
        return all.map((phone) => row('phone', order, phoneFields(phone, ids, []), wanted, uuidAttribute(phone.id)));
      },
    },
    {
      name: 'removePhone',
      what,
      takes: key,
      needs: writes,
      async handle({ element, caller }) {
        const found = await named(element);
        await phones.remove(found.name as DeviceName, caller.actor);
        return writeUuid(found.id);
      },
    },
    // Phones take their configuration anew when they restart; what changed is in it already.
    control('applyPhone', 'restart'),
    control('resetPhone', 'reset'),
    control('restartPhone', 'restart'),
    {
      name: 'doDeviceReset',
      what,
      takes: each('read', ['deviceName', 'uuid', 'isHardReset', 'deviceResetType']),
      needs: writes,
      async handle({ element, caller }) {
        const found = await meant(lookup, 'phone', element, what, 'deviceName');
        const kind = text(element, 'deviceResetType') ?? '';
        const hard = /^(t|true|1)$/i.test(text(element, 'isHardReset') ?? '') || kind === 'Reset';
        if (kind !== '' && !['Reset', 'Restart', 'Apply Configuration'].includes(kind))
          throw badValue(
            'deviceResetType',
            `${kind.slice(0, 40)} is not supported; use Reset, Restart or Apply Configuration.`,
          );
        await phones.control(found.name as DeviceName, hard ? 'reset' : 'restart', caller.actor);
        return 'true';
      },
    },
  ];
}

/** A phone that is changed by many at once: who read its lines before another's change reads them again. */
const lineTries = 5;

/** `lines` replaces all; `addLines` and `removeLines` change what is there, at that version of the phone and no other. */
async function withLines(
  phones: PhoneService,
  found: FoundObject,
  tree: XmlTree,
  change: ChangePhone,
  apply: (change: ChangePhone, version: number | undefined) => Promise<Phone>,
): Promise<void> {
  const added = readLines(tree, 'addLines');
  const removed = readLines(tree, 'removeLines');
  if (added === undefined && removed === undefined) return void (await apply(change, undefined));
  const keyOf = (line: { directoryNumber: string; partition?: string | undefined }) =>
    `${line.directoryNumber} ${line.partition ?? ''}`;
  const gone = new Set(removed?.map(keyOf));
  for (let tries = 1; ; tries++) {
    const phone = await phones.findById(found.id);
    for (const line of removed ?? [])
      if (!phone.lines.some((each) => keyOf(each) === keyOf(line)))
        throw badValue(
          'removeLines',
          `${phone.name} has no line ${line.directoryNumber.slice(0, 50)} in that partition.`,
        );
    const kept = phone.lines.filter((line) => !gone.has(keyOf(line)));
    try {
      return void (await apply({ ...change, lines: [...kept, ...(added ?? [])] }, phone.version));
    } catch (error) {
      const overtaken = error instanceof Fault && error.code === 'version_conflict';
      if (!overtaken || tries === lineTries) throw error;
    }
  }
}

function required(element: XmlTree, name: string): XmlTree {
  const found = child(element, name);
  if (found === undefined) throw badValue(name, `The request needs the element ${name}.`);
  return found;
}

/** What `keepVendorConfig` stored, as elements again. */
function stored(xml: string): SoapElement[] {
  if (xml === '') return [];
  try {
    return readXml(new TextEncoder().encode(`<vendorConfig>${xml}</vendorConfig>`)).children.map(copied);
  } catch (error) {
    if (error instanceof MalformedError) return [el('unreadable')];
    throw error;
  }
}
