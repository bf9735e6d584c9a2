import type { Kysely } from 'kysely';
import { relayMessagesParameter } from '../../domain/settings/call-parameters.ts';
import { serviceParameterKind } from '../../domain/settings/service-parameters.ts';
import { readMraDomains } from './mra-domains.ts';
import type { Database } from './schema.ts';

export interface CallSettings {
  /** Whether phones may send each other text messages. */
  readonly relayMessages: boolean;
  /** Domains that phones outside put into their Request-URIs, lower case. */
  readonly domains: ReadonlySet<string>;
}

export async function readCallSettings(db: Kysely<Database>): Promise<CallSettings> {
  const [parameter, domains] = await Promise.all([
    db
      .selectFrom('service_parameter')
      .select('value')
      .where('service', '=', 'CallManager')
      .where('name', '=', relayMessagesParameter)
      .where('node_id', 'is', null)
      .executeTakeFirst(),
    readMraDomains(db),
  ]);
  const relayMessages = parameter?.value ?? serviceParameterKind('CallManager', relayMessagesParameter)!.defaultValue;
  return {
    relayMessages: relayMessages === 'true',
    domains: new Set(Object.values(domains.byId).map((domain) => domain.toLowerCase())),
  };
}
