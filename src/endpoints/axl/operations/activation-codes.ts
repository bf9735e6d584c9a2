import type { PhoneCodeService } from '../../../domain/devices/phone-code-service.ts';
import { lookupCriteria, type ObjectLookup } from '../../../domain/integrations/object-lookup.ts';
import { type ActivationCode, locatorOf, parseActivationCode } from '../../../identifiers/activation-code.ts';
import type { DeviceName } from '../../../identifiers/device-name.ts';
import { child, text } from '../../../protocol/soap/elements.ts';
import { AxlFault, badValue, itemNotValid } from '../axl-fault.ts';
import { each, listing } from '../elements.ts';
import { listed } from '../lists.ts';
import type { AxlOperation } from '../operation.ts';
import { readWanted, row, uuidAttribute } from '../reply.ts';
import { activationCodeOrder } from '../schema-order.ts';
import { integer, readUuid, writeUuid } from '../values.ts';
import { readDeviceName } from './phone-fields.ts';

export interface ActivationCodeParts {
  readonly phoneCodes: PhoneCodeService;
  readonly lookup: ObjectLookup;
  /** Whether these are the digits of the device's live code. */
  readonly holds: (deviceId: string, code: ActivationCode) => Promise<boolean>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const what = 'Phone Activation Code';
/** Up to here an expiry is a lifetime in seconds, above it an instant in seconds since 1970. */
const longestLifetime = 1_000_000_000;
const mostHours = 8760;

/** addPhoneActivationCode, removePhoneActivationCode, listPhoneActivationCode. There is no get and no update. */
export function activationCodeOperations({
  phoneCodes,
  lookup,
  holds,
  now,
}: ActivationCodeParts): readonly AxlOperation[] {
  const lifetime = (expiry: number | undefined): number | undefined => {
    if (expiry === undefined) return undefined;
    const hours = (expiry < longestLifetime ? expiry : expiry - now() / 1000) / 3600;
    if (hours > 0 && hours <= mostHours) return hours;
    throw badValue(
      'activationCodeExpiry',
      `activationCodeExpiry is a lifetime in seconds, or an instant in seconds since 1970, at most ${mostHours} hours from now.`,
    );
  };
  return [
    {
      name: 'addPhoneActivationCode',
      what,
      takes: { phoneActivationCode: { inside: each('read', ['phoneName', 'activationCodeExpiry']) } },
      needs: ['codes.manage'],
      async handle({ element, caller }) {
        const tree = child(element, 'phoneActivationCode');
        const name = readDeviceName(text(tree, 'phoneName'));
        const timeToLiveHours = lifetime(integer(tree, 'activationCodeExpiry'));
        const { phone } = await phoneCodes.generate(name, caller.actor, { reveal: false, timeToLiveHours });
        const code = await lookup.byName('activation-code', phone.name);
        return writeUuid(code?.id ?? phone.id);
      },
    },
    {
      name: 'removePhoneActivationCode',
      what,
      takes: each('read', ['activationCode', 'uuid']),
      needs: ['codes.manage'],
      async handle({ element, caller }) {
        const digits = text(element, 'activationCode');
        const uuid = readUuid(text(element, 'uuid') ?? element.attributes['uuid']);
        const code = digits ? await byDigits(digits) : uuid && (await lookup.byId('activation-code', uuid));
        if (!code) throw itemNotValid(what);
        await phoneCodes.release(code.name as DeviceName, caller.actor);
        return writeUuid(code.id);
      },
    },
    {
      name: 'listPhoneActivationCode',
      what,
      takes: listing(lookupCriteria['activation-code']),
      // Rows hold the digits.
      needs: ['codes.reveal'],
      async handle({ element, caller }) {
        const wanted = readWanted(element);
        const reveal = wanted === undefined || wanted.has('activationCode');
        const rows = [];
        for (const { id, name } of await listed(lookup, 'activation-code', element)) {
          // One that was used or released since is left out.
          const seen = await phoneCodes
            .view(name as DeviceName, caller.actor, { reveal })
            .catch((error: { code?: string }) => {
              if (error.code === 'no_active_code' || error.code === 'phone_not_found') return undefined;
              throw error;
            });
          if (seen === undefined) continue;
          const { phone, summary, code } = seen;
          const fields = {
            activationCode: code,
            activationCodeExpiry: Math.floor(summary.expiresAt.getTime() / 1000),
            phoneName: phone.name,
            phoneDescription: phone.description,
            phoneModel: phone.model,
            enableActivationId: phone.requiresActivationCode,
            userId: phone.ownerUserId ?? null,
          };
          rows.push(row('phoneActivationCode', activationCodeOrder, fields, wanted, uuidAttribute(id)));
        }
        return rows;
      },
    },
  ];

  async function byDigits(digits: string) {
    const parsed = parseActivationCode(digits);
    if (!('code' in parsed))
      throw new AxlFault(5003, 'That is not an activation code: 16 digits, the last a check digit.', 'soapenv:Client');
    const device = await lookup.deviceByLocator(locatorOf(parsed.code));
    if (device === undefined || !(await holds(device.id, parsed.code))) return undefined;
    return lookup.byName('activation-code', device.name);
  }
}
