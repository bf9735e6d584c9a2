import { type DeviceName, sepName } from '../../identifiers/device-name.ts';
import type { Transaction } from '../../kernel/transaction.ts';
import type { Actor } from '../ports.ts';
import { type LineRequest, readLines, requireFit } from './lines.ts';
import { randomBatName, readMac, requireModel } from './naming.ts';
import type { Phone } from './phone.ts';
import { requireMraRule } from './phone-change.ts';
import {
  issueCode,
  lineText,
  namesExhausted,
  nameTaken,
  newDigestPassword,
  ownerId,
  type PhoneParts,
  requireReferences,
  setLines,
  tell,
} from './phone-parts.ts';
import type { PhoneReferences, PreparedDeviceCode } from './ports.ts';

export interface AddPhone extends PhoneReferences {
  readonly model: string;
  /** Blank: a BAT device, which any phone of the model may become. */
  readonly mac?: string | null | undefined;
  readonly description?: string | undefined;
  readonly ownerUserId?: string | null | undefined;
  readonly lines?: readonly LineRequest[] | undefined;
  readonly requiresActivationCode?: boolean | undefined;
  readonly allowActivationCodeViaMra?: boolean | undefined;
  readonly enabled?: boolean | undefined;
  /** Of a non-secure profile. Absent: a random one, which only an activation delivers. */
  readonly digestPassword?: string | undefined;
}

/** A random BAT name is taken once in 2^48 / devices; more tries than this mean something else is wrong. */
export const nameTries = 5;

/**
 * Adds a phone in the caller's transaction; `prepared` is needed when the request requires a code. The caller tells the timeline (`tellAdded`).
 * @throws DeviceFault naming the field at fault
 */
export async function addPhone(
  parts: PhoneParts,
  tx: Transaction,
  request: AddPhone,
  prepared: PreparedDeviceCode | undefined,
  actor: Actor,
): Promise<Phone> {
  const { phones, references, audit } = parts;
  const model = requireModel(request.model);
  const mac = readMac(request.mac);
  const lines = readLines(request.lines ?? []);
  const requiresActivationCode = request.requiresActivationCode ?? false;
  const allowActivationCodeViaMra = request.allowActivationCodeViaMra ?? false;
  requireMraRule(requiresActivationCode, allowActivationCodeViaMra);
  const found = requireReferences(await references.references(tx, model.name, request), request);
  requireFit(found.template, model.name, lines.length);
  const row = {
    ...found.ids,
    model: model.name,
    description: request.description ?? '',
    ownerId: await ownerId(parts, tx, request.ownerUserId),
    requiresActivationCode,
    allowActivationCodeViaMra,
    enabled: request.enabled ?? true,
    digestPasswordSealed: newDigestPassword(parts, request.digestPassword),
  };
  let name: DeviceName = mac === undefined ? randomBatName(parts.random) : sepName(mac);
  let id = await phones.add(tx, { ...row, name });
  for (let tries = 1; id === undefined; tries++) {
    if (mac !== undefined) throw nameTaken(name);
    if (tries === nameTries) throw namesExhausted();
    name = randomBatName(parts.random);
    id = await phones.add(tx, { ...row, name });
  }
  await setLines(parts, tx, id, lines, actor);
  await audit.append(tx, {
    actor,
    action: 'phone.created',
    objectKind: 'phone',
    objectId: id,
    objectName: name,
    detail: {
      model: model.name,
      description: row.description,
      ownerUserId: request.ownerUserId ?? null,
      lines: lines.map(lineText),
      requiresActivationCode,
      allowActivationCodeViaMra,
    },
  });
  const phone = (await phones.byId(id, tx))!;
  if (!requiresActivationCode) return phone;
  await issueCode(parts, tx, phone, prepared!, actor);
  return (await phones.byId(id, tx))!;
}

export function tellAdded(parts: PhoneParts, phone: Phone): void {
  tell(parts, phone, 'phone-added');
  if (phone.requiresActivationCode) tell(parts, phone, 'code-made');
}
