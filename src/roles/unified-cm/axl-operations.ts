import type { AxlOperation } from '../../endpoints/axl/operation.ts';
import { activationCodeOperations } from '../../endpoints/axl/operations/activation-codes.ts';
import { changeOperations } from '../../endpoints/axl/operations/changes.ts';
import { deviceDefaultOperations } from '../../endpoints/axl/operations/device-defaults.ts';
import { mraOperations } from '../../endpoints/axl/operations/mra.ts';
import { parameterOperations } from '../../endpoints/axl/operations/parameters.ts';
import { phoneOperations } from '../../endpoints/axl/operations/phones.ts';
import { settingsOperations } from '../../endpoints/axl/operations/settings-objects.ts';
import { systemOperations } from '../../endpoints/axl/operations/system.ts';
import { templateOperations } from '../../endpoints/axl/operations/templates.ts';
import { userOperations } from '../../endpoints/axl/operations/users.ts';
import { systemClock } from '../../infra/crypto/random.ts';
import { phoneListStore } from '../../infra/database/devices-list-store.ts';
import { changeLog } from '../../infra/database/integration-changes.ts';
import { deviceExtras, objectLookup } from '../../infra/database/integration-lookup.ts';
import type { NodeContext } from './context.ts';
import type { NodeDomain } from './domain.ts';
import { settingsServices } from './settings-services.ts';

export type AxlDomain = Pick<NodeDomain, 'phones' | 'audit' | 'codes' | 'users' | 'access'> & {
  readonly mra: Pick<NodeDomain['mra'], 'onboarding'>;
};

/** Every operation of AXL there is, over the services that REST uses. */
export function axlOperations(
  context: Pick<NodeContext, 'db' | 'transactions' | 'version'>,
  domain: AxlDomain,
): readonly AxlOperation[] {
  const { db, transactions, version } = context;
  const { phones, phoneCodes, deviceDefaults } = domain.phones;
  const lookup = objectLookup(db);
  const list = phoneListStore(db);
  const { objects, parameters, nodes } = settingsServices({ db, transactions, audit: domain.audit });
  return [
    ...phoneOperations({ phones, lookup, extras: deviceExtras(db), audit: domain.audit }),
    ...activationCodeOperations({ phoneCodes, lookup, holds: domain.codes.holds, now: () => systemClock.now() }),
    ...deviceDefaultOperations(deviceDefaults, lookup),
    ...settingsOperations(objects, lookup),
    ...templateOperations(objects, lookup),
    ...mraOperations({
      serviceDomains: objects.mraServiceDomains,
      onboarding: domain.mra.onboarding,
      lookup,
      clusterName: 'Firstring',
    }),
    ...parameterOperations(parameters, nodes),
    ...systemOperations(nodes, version),
    ...changeOperations(changeLog(db)),
    ...userOperations({
      users: domain.users,
      access: domain.access,
      lookup,
      phonesOf: async (userId) => (await list.page({ ownerUserId: userId, limit: 500 })).items.map(({ name }) => name),
    }),
  ];
}
