import type { FastifyInstance } from 'fastify';
import { RateWindow } from '../../domain/integrations/ris.ts';
import { serveAxl } from '../../endpoints/axl/axl-door.ts';
import { servePerfmon } from '../../endpoints/ris/perfmon-door.ts';
import { serveRis } from '../../endpoints/ris/ris-door.ts';
import { SoapSignIn } from '../../endpoints/soap/sign-in.ts';
import { serveUds } from '../../endpoints/uds/uds-door.ts';
import { systemClock } from '../../infra/crypto/random.ts';
import { changeWatch } from '../../infra/database/change-watch.ts';
import { phoneListStore } from '../../infra/database/devices-list-store.ts';
import { objectLookup } from '../../infra/database/integration-lookup.ts';
import { risReader } from '../../infra/database/integration-ris.ts';
import { withinScope } from '../../infra/database/work-scope.ts';
import { type AxlDomain, axlOperations } from './axl-operations.ts';
import type { NodeContext } from './context.ts';
import { settingsServices } from './settings-services.ts';

/** What real-time queries are allowed a minute, as in the field. */
const risPerMinute = 15;
/** Tools choose the schema they speak by its first two numbers. */
const udsVersion = '15.0.1';

type Context = Pick<NodeContext, 'db' | 'transactions' | 'version' | 'log'> & {
  readonly node: Pick<NodeContext['node'], 'name'>;
  readonly metrics: Pick<NodeContext['metrics'], 'activationCounts'>;
  /** Where a device's own file is. */
  readonly fileUrl: (deviceName: string) => string;
};

/** The doors that tools of the field use, beside REST on the same listener: AXL, RIS, Perfmon. */
export function serveIntegrations(app: FastifyInstance, context: Context, domain: AxlDomain): void {
  const { db, node, metrics, log } = context;
  const signIn = new SoapSignIn(domain.access);
  serveAxl(app, {
    signIn,
    operations: axlOperations(context, domain),
    changes: changeWatch,
    within: withinScope,
    log,
  });
  serveRis(app, {
    signIn,
    reader: risReader(db),
    rate: new RateWindow(risPerMinute, () => systemClock.now()),
    perMinute: risPerMinute,
    within: withinScope,
    log,
  });
  const list = phoneListStore(db);
  const { nodes } = settingsServices({ db, transactions: context.transactions, audit: domain.audit });
  const running = async () => {
    const all = await nodes.list();
    const active = await Promise.all(
      all.map(async (each) =>
        (await nodes.services(each.name)).some(({ kind, activated }) => kind.name === 'UDS' && activated),
      ),
    );
    return all.filter((_each, index) => active[index]);
  };
  serveUds(app, {
    access: domain.access,
    users: domain.users,
    lookup: objectLookup(db),
    phones: domain.phones.phones,
    phonesOf: async (userId) => (await list.page({ ownerUserId: userId, limit: 100 })).items,
    servers: async () =>
      (await running())
        .sort((a, b) => Number(b.name === node.name) - Number(a.name === node.name))
        .map(({ address }) => address),
    activated: async () => (await running()).some(({ name }) => name === node.name),
    fileUrl: context.fileUrl,
    version: udsVersion,
    within: withinScope,
    log,
  });
  servePerfmon(app, {
    signIn,
    objects: [{ name: 'Cisco Device Activation Service', counters: () => metrics.activationCounts() }],
    hosts: [node.name.toLowerCase(), 'localhost', '127.0.0.1'],
    log,
  });
}
