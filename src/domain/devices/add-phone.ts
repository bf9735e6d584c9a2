import { type DeviceName, sepName } from '../../identifiers/device-name.ts';
import type { Transaction } from '../../kernel/transaction.ts';
import type { Actor } from '../ports.ts';
import { type LineRequest, readLines, requireFit } from './lines.ts';
import { randomBatName, readMac, requireModel } from './naming.ts';
import { ownerUnconfirmed } from './owner-confirmation.ts';
import type { CodeSummary, Phone } from './phone.ts';
import { requireMraRule } from './phone-change.ts';
import { issueCode, tellCode } from './phone-code-parts.ts';
import {
  findOwner,
  lineText,
  mraServiceDomainId,
  namesExhausted,
  nameTaken,
  newDigestPassword,
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
  /** Where the MAC is blank: the BAT name it shall have. Absent: a random one. */
  readonly batName?: DeviceName | undefined;
  readonly description?: string | undefined;
  readonly ownerUserId?: string | null | undefined;
  readonly lines?: readonly LineRequest[] | undefined;
  readonly requiresActivationCode?: boolean | undefined;
  readonly allowActivationCodeViaMra?: boolean | undefined;
  /** The phone's own MRA service domain. null or empty: that of its device pool. */
  readonly mraServiceDomain?: string | null | undefined;
  readonly enabled?: boolean | undefined;
  /** Of a non-secure profile. Absent: a random one, which only an activation delivers. */
  readonly digestPassword?: string | undefined;
  /** The phone made itself known; nobody prepared it. */
  readonly autoRegistered?: boolean | undefined;
}

/** A random BAT name is taken once in 2^48 / devices; more tries than this mean something else is wrong. */
export const nameTries = 5;

/** A phone that was just added: what there is to tell of it without reading it again. */
export interface AddedPhone {
  readonly id: string;
  readonly name: DeviceName;
  readonly model: string;
  readonly requiresActivationCode: boolean;
  readonly activationCode?: Pick<CodeSummary, 'state'> | undefined;
}

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
  const { id } = await storePhone(parts, tx, request, prepared, actor);
  return (await parts.phones.byId(id, tx))!;
}

/** The same without reading the phone again, for many at a time. @throws DeviceFault naming the field at fault */
export async function storePhone(
  parts: PhoneParts,
  tx: Transaction,
  request: AddPhone,
  prepared: PreparedDeviceCode | undefined,
  actor: Actor,
): Promise<AddedPhone> {
  const { phones, references, audit } = parts;
  const model = requireModel(request.model);
  const mac = readMac(request.mac);
  const lines = readLines(request.lines ?? []);
  const requiresActivationCode = request.requiresActivationCode ?? false;
  const allowActivationCodeViaMra = request.allowActivationCodeViaMra ?? false;
  requireMraRule(requiresActivationCode, allowActivationCodeViaMra);
  const found = requireReferences(await references.references(tx, model.name, request), request);
  requireFit(found.template, model.name, lines.length);
  const owner = await findOwner(parts, tx, request.ownerUserId);
  const row = {
    ...found.ids,
    model: model.name,
    description: request.description ?? '',
    ownerId: owner?.id ?? null,
    ownerUnconfirmed: ownerUnconfirmed(actor, owner, 'new'),
    requiresActivationCode,
    allowActivationCodeViaMra,
    mraServiceDomainId: await mraServiceDomainId(parts, tx, request.mraServiceDomain),
    enabled: request.enabled ?? true,
    digestPasswordSealed: newDigestPassword(parts, request.digestPassword),
    autoRegistered: request.autoRegistered ?? false,
  };
  const chosen = mac === undefined ? request.batName : sepName(mac);
  let name: DeviceName = chosen ?? randomBatName(parts.random);
  let id = await phones.add(tx, { ...row, name });
  for (let tries = 1; id === undefined; tries++) {
    if (chosen !== undefined) throw nameTaken(name);
    if (tries === nameTries) throw namesExhausted();
    name = randomBatName(parts.random);
    id = await phones.add(tx, { ...row, name });
  }
  await setLines(parts, tx, id, lines, actor, { fresh: true });
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
      ...(request.autoRegistered ? { autoRegistered: true } : {}),
    },
  });
  const added = { id, name, model: model.name, requiresActivationCode };
  if (requiresActivationCode) await issueCode(parts, tx, added, prepared!, actor, undefined, { fresh: true });
  return added;
}

export function tellAdded(parts: PhoneParts, phone: AddedPhone): void {
  tell(parts, phone, 'phone-added');
  if (phone.requiresActivationCode) tellCode(parts, phone);
}
