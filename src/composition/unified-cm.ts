import { join } from 'node:path';
import { instanceOf, writeWhole } from '../infra/data-directory/files.ts';
import { patiently } from '../infra/database/connect.ts';
import { derToPem } from '../infra/pki/identity.ts';
import { openLabManufacturer } from '../infra/pki/lab-manufacturer.ts';
import { startUnifiedCm } from '../roles/unified-cm/start.ts';
import { connectionBudget } from './connections.ts';
import { firstAdministrator, type ProcessParts, type RunningRole } from './process.ts';
import { keyEncryptionKey, makeKeyEncryptionKey, openStore } from './store.ts';

/** A cluster node; in all-in-one with what makes a laboratory around it. */
export async function runUnifiedCm(parts: ProcessParts): Promise<RunningRole> {
  const { configuration, log, signal, stack, version } = parts;
  const directory = configuration.dataDirectory;
  // Before anything is made: a key that cannot be used ends the start.
  keyEncryptionKey(configuration);
  const [store, manufacturer] = await Promise.all([
    openStore(parts),
    configuration.lab ? openLabManufacturer(join(directory, 'lab')) : undefined,
  ]);
  signal.throwIfAborted();
  const passwordFile = join(directory, 'admin-password');
  // What is only there with MRA is loaded only then: the plain start stays quick and small.
  const laboratory = configuration.mra.enabled
    ? (await import('./outside.ts')).outside(parts, manufacturer)
    : undefined;
  const instance = await instanceOf(directory);
  const start = () =>
    startUnifiedCm({
      configuration,
      connections: connectionBudget(configuration, 'unifiedCm'),
      version,
      databaseUrl: store.url,
      ownerDatabaseUrl: store.ownerUrl,
      // Read anew: an attempt that was cut short may have made it.
      keyEncryptionKey: keyEncryptionKey(configuration),
      makeKeyEncryptionKey: () => makeKeyEncryptionKey(configuration),
      log,
      instance,
      passwordFile,
      lab: manufacturer,
      remotePhones: () => laboratory?.phones,
    });
  const [node] = await Promise.all([
    patiently(start, { log, signal }).then((running) => stack.use(running)),
    laboratory?.start(store),
  ]);
  signal.throwIfAborted();
  const clusterCa = join(directory, 'cluster-ca.pem');
  await writeWhole(clusterCa, derToPem(node.context.identity.clusterCa), 0o644);
  await laboratory?.connect(node);
  return {
    endpoints: { ...node.endpoints, ...laboratory?.endpoints },
    admin: firstAdministrator('admin', passwordFile),
    clusterCa,
    ...(manufacturer === undefined
      ? {}
      : {
          lab: {
            manufacturerCaCert: manufacturer.certFile,
            manufacturerCaKey: manufacturer.keyFile,
            ...laboratory?.runtime,
          },
        }),
  };
}
