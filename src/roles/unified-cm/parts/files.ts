import { join } from 'node:path';
import { fetchStory } from '../../../domain/provisioning/fetch-story.ts';
import type { FileObserver } from '../../../domain/provisioning/ports.ts';
import { connectionLimits } from '../../../endpoints/listen/connection-limits.ts';
import { startFileHttp } from '../../../endpoints/tftp/file-http.ts';
import { startTftpServer } from '../../../endpoints/tftp/server.ts';
import { startTvs } from '../../../endpoints/tvs/server.ts';
import { systemClock } from '../../../infra/crypto/random.ts';
import { makeDirectory } from '../../../infra/data-directory/files.ts';
import { firmwareStore } from '../../../infra/database/provisioning-firmware.ts';
import { provisioningStore } from '../../../infra/database/provisioning-store.ts';
import { knownCertificates, trustListStore } from '../../../infra/database/provisioning-trust.ts';
import { tlsMaterial } from '../../../infra/pki/identity.ts';
import { type CachedFileSource, fileSource } from '../../../infra/provisioning/file-source.ts';
import { firmwareDisk } from '../../../infra/provisioning/firmware-disk.ts';
import { rsaSigner } from '../../../infra/provisioning/signing.ts';
import { voucher } from '../../../infra/provisioning/voucher.ts';
import { type NodeContext, type Part, reachAt } from '../context.ts';
import type { NodeDomain } from '../domain.ts';
import { nodeMicConfirmation } from './activation.ts';
import {
  filesWhileOn,
  keepOrderAfterRestore,
  keepTrustListBuilt,
  serviceSwitches,
  vouchWhileOn,
} from './file-upkeep.ts';

/** Files for phones over TFTP, HTTP 6970 and HTTPS 6972, and the service that vouches for certificates. */
export async function startFiles(context: NodeContext, domain: NodeDomain): Promise<Part> {
  const { configuration, identity, log } = context;
  const { ports } = configuration;
  const host = configuration.listen.address;
  await using stack = new AsyncDisposableStack();
  const isOn = await serviceSwitches(context);
  await keepOrderAfterRestore(context);
  const made = await phoneFiles(context);
  keepTrustListBuilt(context, made);
  const files = filesWhileOn(made, () => isOn('TFTP'));
  const observer = counted(context, fetchStory(domain.timeline, systemClock));
  const confirmation = nodeMicConfirmation(context, domain);
  const common = { host, files, log, observer };

  await context.beforeListening();
  const tftp = await startTftpServer({ ...common, port: ports.tftp });
  stack.defer(() => tftp.close());
  const http = await startFileHttp({
    ...common,
    port: ports.tftpHttp,
    connections: connectionLimits('files', context.connections),
  });
  stack.defer(() => http.close());
  const https = await startFileHttp({
    ...common,
    port: ports.tftpHttps,
    connections: connectionLimits('filesTls', context.connections),
    tls: tlsMaterial(identity.tomcat),
    confirmer: {
      fetched({ micSha256 }) {
        confirmation
          .confirmByMic(micSha256, 'config')
          .catch((error: unknown) => log.warn({ err: error }, 'an activation could not be confirmed'));
      },
    },
  });
  stack.defer(() => https.close());
  const tvs = await startTvs({
    host,
    port: ports.tvs,
    oldPhones: configuration.tls.oldPhones,
    connections: connectionLimits('tvs', context.connections),
    tls: tlsMaterial(identity.tvs),
    voucher: vouchWhileOn(certificateVoucher(context), () => isOn('Trust Verification Service')),
    log,
    asked: ({ deviceName, sourceAddress, trusted }) => {
      const mac = /^CP-[0-9A-Z-]{4,12}-SEP([0-9A-F]{12})$/.exec(deviceName)?.[1];
      // Good news is part of every activation and told there; the bad news is what somebody will look for.
      if (trusted || mac === undefined) return;
      domain.timeline.record({
        mac,
        deviceName: `SEP${mac}`,
        step: 'tvs',
        result: 'failed',
        reason: 'certificate_unknown',
        sourceAddress,
      });
    },
  });
  stack.defer(() => tvs.close());
  context.certificates.onRenewed((renewed) => {
    https.renewTls(tlsMaterial(renewed.tomcat));
    tvs.renewTls(tlsMaterial(renewed.tvs));
  });
  const owned = stack.move();
  return {
    endpoints: {
      tftp: reachAt('udp', configuration, tftp.port),
      tftpHttp: reachAt('http', configuration, http.port),
      tftpHttps: reachAt('https', configuration, https.port),
      tvs: reachAt('tls', configuration, tvs.port),
    },
    // The first trust list is there before the node is ready.
    joined: async () => void (await made.find('ITLFile.tlv')),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function counted({ metrics }: NodeContext, next: FileObserver): FileObserver {
  return {
    asked(fetch) {
      metrics.fileAsked(fetch.over, fetch.outcome, fetch.octets);
      next.asked(fetch);
    },
  };
}

async function phoneFiles({ configuration, db, identity, notices }: NodeContext): Promise<CachedFileSource> {
  const directory = join(configuration.dataDirectory, 'firmware');
  await makeDirectory(directory);
  const firmware = firmwareStore(db);
  const disk = firmwareDisk(directory, firmware);
  await disk.sweep();
  const files = fileSource({
    provisioning: provisioningStore(db),
    lists: trustListStore(db),
    firmware,
    disk,
    configSigner: rsaSigner(identity.callManagerSigning.certificate, identity.callManagerSigning.privateKey),
    listSigner: rsaSigner(identity.itlRecovery.certificate, identity.itlRecovery.privateKey),
  });
  notices.on('config_changed', (payload) => files.notice(payload));
  notices.feed(files);
  return files;
}

function certificateVoucher({ configuration, db, notices }: NodeContext) {
  const vouching = voucher(() => knownCertificates(db, configuration.lab), systemClock);
  notices.on('config_changed', (payload) => {
    if (payload === '*') vouching.notice();
  });
  notices.on('trust_changed', () => vouching.notice());
  notices.feed(vouching);
  return vouching;
}
