import type { Transaction } from '../../kernel/transaction.ts';
import { say } from '../../texts/say.ts';
import type { AddPhone } from './add-phone.ts';
import { refuse } from './faults.ts';
import type { LineRequest } from './lines.ts';
import { requireModel } from './naming.ts';
import type { LineTemplate, PhoneReferenceStore } from './ports.ts';
import { fillTags, type TagValues } from './template-tags.ts';

/** A line from a template: what the template says, unless said here. */
export interface TemplateLine extends LineRequest {
  /** Universal Line Template; absent: the one of the request. */
  readonly lineTemplate?: string | undefined;
}

export interface FromTemplate extends Omit<AddPhone, 'lines'> {
  /** Universal Device Template; absent: the default one. */
  readonly deviceTemplate?: string | undefined;
  /** Universal Line Template of lines that name none; absent: the default one. */
  readonly lineTemplate?: string | undefined;
  readonly lines?: readonly TemplateLine[] | undefined;
}

const longestDescription = 128;
const longestName = 50;

/**
 * What the templates make of the request, with their tags filled from owner, line and model; explicit members win.
 * @throws DeviceFault `device_template_not_found`, `line_template_not_found`
 */
export async function fromTemplate(
  references: PhoneReferenceStore,
  tx: Transaction,
  request: FromTemplate,
): Promise<AddPhone> {
  const { deviceTemplate, lineTemplate, lines, ...explicit } = request;
  const template = await references.deviceTemplate(tx, deviceTemplate);
  if (template === undefined) throw missing('device_template_not_found', 'deviceTemplate', deviceTemplate);
  const owner = request.ownerUserId ? await references.owner(tx, request.ownerUserId) : undefined;
  const values: TagValues = {
    firstName: owner?.firstName,
    lastName: owner?.lastName,
    userId: owner?.userId,
    mail: owner?.mail,
    directoryNumber: lines?.[0]?.directoryNumber,
    product: requireModel(request.model).name,
  };
  const found = new Map<string | undefined, LineTemplate>();
  const filled: LineRequest[] = [];
  for (const [i, { lineTemplate: own, ...line }] of (lines ?? []).entries()) {
    const name = own ?? lineTemplate;
    const lineFrom = found.get(name) ?? (await references.lineTemplate(tx, name));
    if (lineFrom === undefined) {
      throw missing('line_template_not_found', own === undefined ? 'lineTemplate' : `lines[${i}].lineTemplate`, name);
    }
    found.set(name, lineFrom);
    const lineValues = { ...values, directoryNumber: line.directoryNumber };
    const alertingName = fillTags(lineFrom.alertingName, lineValues, longestName);
    filled.push({
      partition: lineFrom.partition,
      description: fillTags(lineFrom.lineDescription, lineValues, longestDescription),
      alertingName,
      display: alertingName,
      maxCalls: lineFrom.maxCalls,
      busyTrigger: Math.min(lineFrom.busyTrigger, line.maxCalls ?? lineFrom.maxCalls),
      ...line,
    });
  }
  return {
    ...explicit,
    devicePool: request.devicePool ?? template.devicePool,
    phoneButtonTemplate: request.phoneButtonTemplate ?? template.phoneButtonTemplate,
    phoneSecurityProfile: request.phoneSecurityProfile ?? template.phoneSecurityProfile,
    sipProfile: request.sipProfile ?? template.sipProfile,
    commonPhoneProfile: request.commonPhoneProfile ?? template.commonPhoneProfile,
    description: request.description ?? fillTags(template.deviceDescription, values, longestDescription),
    lines: filled,
  };
}

function missing(
  code: 'device_template_not_found' | 'line_template_not_found',
  field: string,
  name: string | undefined,
) {
  return refuse(field, name === undefined ? say(`${code}.default`, { field }) : say(code, { name: name.slice(0, 64) }));
}
