import { Fault } from '../../kernel/errors.ts';

export type SettingFaultCode =
  | 'not_found'
  | 'name_taken'
  | 'unknown_reference'
  | 'in_use'
  | 'protected'
  | 'version_conflict'
  | 'invalid_value'
  | 'invalid_cursor'
  | 'certificate_unreadable'
  | 'certificate_not_a_ca'
  | 'certificate_unfit'
  | 'trust_store_full'
  | 'crl_unreadable'
  | 'crl_unfit'
  | 'crl_issuer_unknown'
  | 'crl_forged'
  | 'crl_not_newer'
  | 'crl_too_large'
  | 'crl_reader_busy'
  | 'service_needed'
  | 'service_wanted';

export class SettingFault extends Fault<SettingFaultCode> {}

/** What of one kind depends on an object. `names`: at most ten of them. */
export interface Dependency {
  readonly kind: string;
  readonly count: number;
  readonly names: readonly string[];
}

export const notFound = (kind: string, name: string, field = 'name') =>
  new SettingFault('caller', 'not_found', `There is no ${kind} "${name}".`, { field, remedy: 'Check the name.' });

export const nameTaken = (kind: string, name: string, field = 'name') =>
  new SettingFault('caller', 'name_taken', `There is already a ${kind} "${name}".`, {
    field,
    remedy: 'Choose another name, or change the one that exists.',
  });

export const unknownReference = (field: string, kind: string, name: string) =>
  new SettingFault('caller', 'unknown_reference', `There is no ${kind} "${name}".`, {
    field,
    remedy: `Add that ${kind} first, or choose one that exists.`,
  });

export const inUse = (kind: string, name: string, dependencies: readonly Dependency[]) =>
  new SettingFault(
    'policy',
    'in_use',
    `The ${kind} "${name}" is used by ${dependencies.map((each) => `${each.count} × ${each.kind}`).join(', ') || 'something'}.`,
    { remedy: 'Change what depends on it first.', detail: { dependencies } },
  );

export const versionConflict = (kind: string, name: string, version: number) =>
  new SettingFault('policy', 'version_conflict', `The ${kind} "${name}" has changed since you read it.`, {
    field: 'If-Match',
    remedy: 'Read it again, and repeat the change if it still makes sense.',
    detail: { version },
  });

export const invalidValue = (field: string, message: string, remedy: string) =>
  new SettingFault('caller', 'invalid_value', message, { field, remedy });

export const protectedObject = (message: string, field?: string) =>
  new SettingFault('policy', 'protected', message, {
    ...(field === undefined ? {} : { field }),
    remedy: 'The system needs it; add another one beside it.',
  });
