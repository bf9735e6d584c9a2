import { hash } from 'node:crypto';
import { join } from 'node:path';
import { sql } from 'kysely';
import { ClusterDoor } from '../../endpoints/cloud/cluster-door.ts';
import { startCloudListener, usualCloudLimits } from '../../endpoints/cloud/listener.ts';
import { cloudRoutes, usualCloudRates } from '../../endpoints/cloud/routes.ts';
import { listenForHealth } from '../../endpoints/health/listener.ts';
import { connectionLimits } from '../../endpoints/listen/connection-limits.ts';
import { isUnspecified, urlHost } from '../../identifiers/host.ts';
import { serverCertificate } from '../../infra/cloud/authority.ts';
import { cloudMetrics } from '../../infra/cloud/metrics.ts';
import { watchClock } from '../../infra/cluster/clock-watch.ts';
import { micInspector } from '../../infra/crypto/mic-inspector.ts';
import { systemClock } from '../../infra/crypto/random.ts';
import { writeWhole } from '../../infra/data-directory/files.ts';
import { readManufacturerTrust } from '../../infra/database/cloud-roots.ts';
import { listenForNotices } from '../../infra/notify.ts';
import { derToPem } from '../../infra/pki/identity.ts';
import { writeVoucher } from '../../protocol/cloud/voucher.ts';
import { openConsole } from './console.ts';
import { buildCloudDomain } from './domain.ts';
import { ensureOperator, tellOfLaboratory, trustManufacturers } from './first-start.ts';
import { layFoundation } from './foundation.ts';
import type { CloudOptions, RunningCloud } from './options.ts';
import { startUpkeep } from './upkeep.ts';

const day = 24 * 3600 * 1000;
/** A node's certificate is made at its start; one that runs on gets the next well before the end. */
const renewEvery = 300 * day;
/** The longest time that setTimeout and setInterval take. */
const longestTimer = 2 ** 31 - 1;

/** Starts a node of the cloud. Rejects with a Fault when keys, database or ports are not in order; then nothing stays open. */
export async function startCloud(options: CloudOptions): Promise<RunningCloud> {
  const { log, dataDirectory, listen, ports } = options;
  await using stack = new AsyncDisposableStack();
  const foundation = await layFoundation(options, stack);
  const { keys, url, open } = foundation;
  const metrics = cloudMetrics();
  stack.defer(() => metrics.close());
  const domain = await buildCloudDomain(options, foundation, stack, metrics.resolved);
  const passwordFile = join(dataDirectory, 'operator-password');
  const authorityFile = join(dataDirectory, 'cloud-ca.pem');
  const authority = keys.authority.certificate;
  await writeWhole(authorityFile, derToPem(authority), 0o644);
  await Promise.all([
    ensureOperator(foundation, domain, passwordFile),
    trustManufacturers(foundation, domain, options.trustedManufacturers ?? []),
  ]);
  const laboratory = (options.trustedManufacturers ?? []).length > 0;
  if (!laboratory) await tellOfLaboratory(foundation, log);

  const inspector = micInspector(await readManufacturerTrust(open.db, laboratory), systemClock);
  const refresh = async () => {
    try {
      inspector.replaceTrust(await readManufacturerTrust(open.db, laboratory));
      domain.replaceLimits(await domain.limits.read());
    } catch (error) {
      log.warn({ err: error }, "changes of the cloud's settings could not be read; the next notice tries again");
    }
  };
  const notices = stack.use(
    await listenForNotices({
      url,
      channels: ['cloud_changed'],
      onNotice: () => void refresh(),
      onListening: () => void refresh(),
      log,
    }),
  );
  const upkeep = stack.use(startUpkeep({ db: open.db, domain, metrics, log }));

  const tls = options.tls ?? (await serverCertificate(keys.authority, options.hostNames));
  const pin = options.tls === undefined ? hash('sha256', authority, 'buffer') : undefined;
  // The port is known only once it listens, and the issuer names it: phones' routes are filled in before anybody can ask.
  const late: { route: ReturnType<typeof cloudRoutes> } = { route: () => undefined };
  const listener = await startCloudListener({
    host: listen.address,
    port: ports.cloud,
    tls,
    limits: { ...usualCloudLimits, ...options.limits },
    connections: options.connections,
    route: (method, path, query) => late.route(method, path, query),
    answered: metrics.answered,
    log,
  });
  stack.defer(() => listener.close());
  const issuer = options.publicUrl ?? `https://${urlHost(options.hostNames[0]!)}:${listener.port}`;
  const { cloudKey, signer } = keys;
  const { now } = systemClock;
  late.route = cloudRoutes({
    phones: {
      resolver: domain.resolver,
      inspect: (chain) => inspector.inspect(chain),
      signer,
      issuer,
      record: domain.record,
      now,
    },
    clusters: new ClusterDoor({
      enrolment: domain.enrolment,
      tenants: domain.tenants,
      locators: domain.locators,
      sha256: (bytes) => hash('sha256', bytes, 'buffer'),
      cloudKey,
      issuer,
      authority,
      pin,
      selfService: options.selfService === true,
      now,
    }),
    rates: { ...usualCloudRates(), ...options.rates },
    now: () => performance.now(),
  });
  const console = stack.use(await openConsole(options, foundation, domain, tls, { issuer, pin }));
  const shown = {
    cert: tls.cert,
    replaceCertificate(next: { cert: string }) {
      shown.cert = next.cert;
    },
  };
  if (options.tls === undefined) stack.use(renewal(options, foundation, [listener, console, shown]));

  const clock = stack.use(
    watchClock({
      reference: async () => {
        const { rows } = await sql<{ now: Date }>`SELECT clock_timestamp() AS now`.execute(open.db);
        return rows[0]!.now.getTime();
      },
      // One that was brought along is its owner's, but phones judge it by their clock all the same.
      certificates: () => [{ name: 'server', certificate: shown.cert }],
      onOffset: metrics.clockOffset,
      log,
    }),
  );
  await clock.look();
  const notReady = () => [
    ...clock.hindrances(),
    ...(upkeep.databaseUp ? [] : ["the cloud's database does not answer"]),
    ...(notices.listening ? [] : ["change notices from the cloud's database are interrupted"]),
  ];
  const metricsAddress = listen.metricsAddress ?? '127.0.0.1';
  const health =
    ports.metrics === undefined
      ? undefined
      : stack.use(
          await listenForHealth({
            address: metricsAddress,
            port: ports.metrics,
            metrics,
            notReady,
            warnings: clock.warnings,
            connections: connectionLimits('cloudHealth', options.connections),
            log,
          }),
        );
  const host = urlHost(reachable(listen.address, options.hostNames[0]!));
  const consoleHost = urlHost(reachable(listen.consoleAddress ?? listen.address, options.hostNames[0]!));
  log.info({ cloud: listener.port, console: console.port, issuer }, 'the cloud is ready');
  const owned = stack.move();
  return {
    endpoints: {
      cloud: `https://${host}:${listener.port}`,
      cloudConsole: `https://${consoleHost}:${console.port}`,
      ...(health === undefined
        ? {}
        : { cloudMetrics: `http://${urlHost(reachable(metricsAddress, '127.0.0.1'))}:${health.port}` }),
    },
    passwordFile,
    authorityFile,
    authority,
    cloudKey: cloudKey.jwk,
    issuer,
    async makeVoucher(note) {
      const { secret } = await domain.enrolment.makeVoucher({ name: 'system', sourceAddress: '' }, { note });
      return writeVoucher({ secret, pin });
    },
    notReady,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function renewal(
  { hostNames, log }: CloudOptions,
  { keys }: Awaited<ReturnType<typeof layFoundation>>,
  listeners: readonly { replaceCertificate(tls: { cert: string; key: string }): void }[],
): Disposable {
  let left = renewEvery;
  const step = Math.min(day, longestTimer);
  const timer = setInterval(() => {
    left -= step;
    if (left > 0) return;
    serverCertificate(keys.authority, hostNames).then(
      (tls) => {
        left = renewEvery;
        for (const each of listeners) each.replaceCertificate(tls);
        log.info({}, "the cloud's server certificate was renewed");
      },
      (error: unknown) =>
        log.warn({ err: error }, "the cloud's server certificate could not be renewed; tomorrow tries again"),
    );
  }, step).unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

function reachable(address: string, name: string): string {
  return isUnspecified(address) ? name : address;
}
