import { Fault, type Sentence } from '../../kernel/errors.ts';
import { say } from '../../texts/say.ts';

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
  new SettingFault('caller', say('not_found.object', { kind, name }), { field });

export const nameTaken = (kind: string, name: string, field = 'name') =>
  new SettingFault('caller', say('name_taken', { kind, name }), { field });

export const unknownReference = (field: string, kind: string, name: string) =>
  new SettingFault('caller', say('unknown_reference', { kind, name }), { field });

export const inUse = (kind: string, name: string, dependencies: readonly Dependency[]) =>
  new SettingFault(
    'policy',
    dependencies.length === 0
      ? say('in_use.something', { kind, name })
      : say('in_use', {
          kind,
          name,
          users: dependencies.map((each) => `${each.count} × ${each.kind}`).join(', '),
        }),
    { detail: { dependencies } },
  );

export const versionConflict = (kind: string, name: string, version: number) =>
  new SettingFault('policy', say('version_conflict.object', { kind, name }), {
    field: 'If-Match',
    detail: { version },
  });

export const invalidValue = (field: string, sentence: Sentence<'invalid_value'>) =>
  new SettingFault('caller', sentence, { field });

export const protectedObject = (sentence: Sentence<'protected'>, field?: string) =>
  new SettingFault('policy', sentence, field === undefined ? {} : { field });
