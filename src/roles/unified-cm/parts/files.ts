import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startTftpServer } from '../../../endpoints/tftp/server.ts';
import { firmwareStore } from '../../../infra/database/provisioning-firmware.ts';
import { provisioningStore } from '../../../infra/database/provisioning-store.ts';
import { trustListStore } from '../../../infra/database/provisioning-trust.ts';
import { type CachedFileSource, fileSource } from '../../../infra/provisioning/file-source.ts';
import { firmwareDisk } from '../../../infra/provisioning/firmware-disk.ts';
import { rsaSigner } from '../../../infra/provisioning/signing.ts';
import { type NodeContext, type Part, reachAt } from '../context.ts';

/** Files for phones: TFTP, HTTP 6970 and HTTPS 6972. */
export async function startFiles(context: NodeContext): Promise<Part> {
  const { configuration, log } = context;
  const files = await phoneFiles(context);
  const tftp = await startTftpServer({ host: configuration.listen.address, port: configuration.ports.tftp, files, log });
  return {
    endpoints: { tftp: reachAt('udp', configuration, tftp.port) },
    async [Symbol.asyncDispose]() {
      await tftp.close();
    },
  };
}

async function phoneFiles({ configuration, db, identity, notices }: NodeContext): Promise<CachedFileSource> {
  const directory = join(configuration.dataDirectory, 'firmware');
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const firmware = firmwareStore(db);
  const files = fileSource({
    provisioning: provisioningStore(db),
    lists: trustListStore(db),
    firmware,
    disk: firmwareDisk(directory, firmware),
    configSigner: rsaSigner(identity.callManagerSigning.certificate, identity.callManagerSigning.privateKey),
    listSigner: rsaSigner(identity.itlRecovery.certificate, identity.itlRecovery.privateKey),
  });
  notices.on('config_changed', (payload) => files.notice(payload));
  notices.feed(files);
  return files;
}
