import { say } from '../../texts/say.ts';
import type { AddPhone } from '../devices/add-phone.ts';
import { type LineRequest, readLines } from '../devices/lines.ts';
import { requireModel } from '../devices/naming.ts';
import { requireMraRule } from '../devices/phone-change.ts';
import type { Owner } from '../devices/ports.ts';
import { fillTags } from '../devices/template-tags.ts';
import type { Column } from './columns.ts';
import type { JobOptions } from './job.ts';
import type { PhoneTemplate } from './phone-template.ts';
import { errorOfFault, type RowError, rowError } from './row-error.ts';
import { type LineInput, noneCell, type RowInput } from './row-input.ts';

const longestDescription = 128;
const longestText = 50;

export interface InsertPlan {
  /** Undefined: the row has no model that could be used. */
  readonly request: AddPhone | undefined;
  /** Place in the file of each line of the request. */
  readonly places: readonly number[];
  /** Everything that is wrong without looking into the database. */
  readonly errors: readonly RowError[];
}

/** The heading a field of a request came from; a MAC may have stood under DEVICE NAME. */
export function headingsOf(columns: readonly Column[], places: readonly number[] = []) {
  const byField = new Map(columns.flatMap(({ field, heading }) => (field === null ? [] : [[field, heading] as const])));
  return (field: string): string | null => {
    const line = /^lines\[(\d+)\](\..*)?$/.exec(field);
    if (line !== null) {
      const place = places[Number(line[1])] ?? Number(line[1]);
      return byField.get(`lines[${place}]${line[2] ?? '.directoryNumber'}`) ?? null;
    }
    return byField.get(field) ?? (field === 'mac' ? (byField.get('name') ?? null) : null);
  };
}

/** What a row and the template make of a phone; the row wins. `owner`: the person whose id the row or the template names. */
export function planInsert(
  job: {
    readonly columns: readonly Column[];
    readonly template: PhoneTemplate | undefined;
    readonly options: JobOptions;
  },
  input: RowInput,
  owner: Owner | undefined,
): InsertPlan {
  const { template, options } = job;
  const errors = [...input.errors];
  const heading = headingsOf(job.columns);
  const collect = (
    work: () => void,
    placed: (field: string) => string | null = heading,
    at: readonly number[] = [],
  ) => {
    try {
      work();
    } catch (error) {
      const known = errorOfFault(error, placed, (field) => cellOf(input, field, at));
      if (known === undefined) throw error;
      // The cell was refused already, with the cause.
      if (!errors.some(({ code, column }) => code === known.code && column === known.column)) errors.push(known);
    }
  };
  const model = modelOf(template, input, heading, errors, collect);
  checkIdentity(options, input, heading, errors);
  const lines: LineRequest[] = [];
  const places: number[] = [];
  for (const [place, line] of input.lines.entries()) {
    if (line === undefined) continue;
    const at = heading(`lines[${place}].directoryNumber`);
    if (line.directoryNumber === undefined) {
      errors.push(rowError(at, null, say('line_without_number', { place: place + 1 })));
      continue;
    }
    const from = template?.lines[place];
    if (template !== undefined && from === undefined) {
      errors.push(
        rowError(
          at,
          line.directoryNumber,
          say('more_lines_than_template', {
            place: place + 1,
            template: template.name,
            templateLines: template.lines.length,
          }),
        ),
      );
      continue;
    }
    const request = lineRequest(line, from, owner);
    collect(() => void readLines([request]), headingsOf(job.columns, [place]), [place]);
    lines.push(request);
    places.push(place);
  }
  if (errors.length === 0) collect(() => void readLines(lines), headingsOf(job.columns, places), places);
  const requires = input.flags.requiresActivationCode ?? template?.requiresActivationCode ?? false;
  const viaMra = input.flags.allowActivationCodeViaMra ?? template?.allowActivationCodeViaMra ?? false;
  collect(() => requireMraRule(requires, viaMra));
  if (model === undefined) return { request: undefined, places, errors };
  const { texts } = input;
  const tags = {
    firstName: owner?.firstName,
    lastName: owner?.lastName,
    userId: owner?.userId,
    mail: owner?.mail,
    directoryNumber: lines[0]?.directoryNumber,
    product: model,
  };
  const description =
    texts.description ??
    (template === undefined ? undefined : fillTags(template.description, tags, longestDescription));
  return {
    request: {
      model,
      mac: input.mac,
      batName: input.batName,
      description: description === noneCell ? '' : description,
      ownerUserId: ownerUserId(input, template),
      devicePool: texts.devicePool ?? template?.devicePool,
      phoneButtonTemplate: texts.phoneButtonTemplate ?? template?.phoneButtonTemplate ?? undefined,
      phoneSecurityProfile: texts.phoneSecurityProfile ?? template?.phoneSecurityProfile,
      sipProfile: texts.sipProfile ?? template?.sipProfile,
      commonPhoneProfile: texts.commonPhoneProfile ?? template?.commonPhoneProfile,
      mraServiceDomain:
        texts.mraServiceDomain === noneCell ? null : (texts.mraServiceDomain ?? template?.mraServiceDomain),
      lines,
      requiresActivationCode: requires,
      allowActivationCodeViaMra: viaMra,
      enabled: input.flags.enabled ?? template?.enabled ?? true,
    },
    places,
    errors,
  };
}

/** What the row says in a field of the request. */
function cellOf({ texts, mac, lines }: RowInput, field: string, places: readonly number[]): string | null {
  const line = /^lines\[(\d+)\]\.(\w+)$/.exec(field);
  if (line === null) return texts[field as keyof typeof texts] ?? (field === 'mac' ? (mac ?? null) : null);
  const place = places[Number(line[1])] ?? Number(line[1]);
  const said = lines[place]?.[line[2] as keyof LineInput];
  return said === undefined ? null : String(said);
}

/** Who shall own the phone; null: nobody. */
export function ownerUserId(input: RowInput, template: PhoneTemplate | undefined): string | null {
  const said = input.texts.ownerUserId;
  return said === noneCell ? null : (said ?? template?.ownerUserId ?? null);
}

function modelOf(
  template: PhoneTemplate | undefined,
  input: RowInput,
  heading: (field: string) => string | null,
  errors: RowError[],
  collect: (work: () => void) => void,
): string | undefined {
  const said = input.texts.model;
  if (said === undefined) {
    if (template === undefined) errors.push(rowError(heading('model'), null, say('model_missing')));
    return template?.model;
  }
  let model: string | undefined;
  collect(() => {
    model = requireModel(said).name;
  });
  if (model === undefined || template === undefined || model === template.model) return model;
  errors.push(
    rowError(
      heading('model'),
      said,
      say('model_differs', { model, template: template.name, templateModel: template.model }),
    ),
  );
  return template.model;
}

function checkIdentity(
  options: JobOptions,
  input: RowInput,
  heading: (field: string) => string | null,
  errors: RowError[],
): void {
  if (options.createDummyMacAddress && input.mac !== undefined)
    errors.push(rowError(heading('mac'), input.mac, say('mac_with_dummy')));
  const misread = input.errors.some(({ code }) => code === 'mac_invalid' || code === 'identity_conflict');
  if (!options.createDummyMacAddress && input.mac === undefined && input.batName === undefined && !misread)
    errors.push(rowError(heading('mac'), null, say('mac_missing')));
}

function lineRequest(
  line: LineInput,
  from: PhoneTemplate['lines'][number] | undefined,
  owner: Owner | undefined,
): LineRequest {
  const tags = {
    firstName: owner?.firstName,
    lastName: owner?.lastName,
    userId: owner?.userId,
    mail: owner?.mail,
    directoryNumber: line.directoryNumber,
  };
  const maxCalls = line.maxCalls ?? from?.maxCalls;
  const trigger = line.busyTrigger ?? from?.busyTrigger;
  return {
    directoryNumber: line.directoryNumber!,
    partition: line.partition ?? from?.partition ?? '',
    label: line.label ?? fillTags(from?.label ?? '', tags, longestText),
    display: line.display ?? fillTags(from?.display ?? '', tags, longestText),
    ...(maxCalls === undefined ? {} : { maxCalls }),
    ...(trigger === undefined ? {} : { busyTrigger: line.busyTrigger ?? Math.min(trigger, maxCalls ?? trigger) }),
    ...(line.description === undefined ? {} : { description: line.description }),
    ...(line.alertingName === undefined ? {} : { alertingName: line.alertingName }),
  };
}
