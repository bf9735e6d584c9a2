import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { FileFetch } from '../../../src/domain/provisioning/ports.ts';
import type { FetchConfirmer } from '../../../src/endpoints/tftp/file-http.ts';
import { startFileHttp } from '../../../src/endpoints/tftp/file-http.ts';
import { startTftpServer, type TftpServerOptions } from '../../../src/endpoints/tftp/server.ts';
import { startTvs } from '../../../src/endpoints/tvs/server.ts';
import { claimNode, joinCluster } from '../../../src/infra/cluster/node.ts';
import { systemClock } from '../../../src/infra/crypto/random.ts';
import { sealer } from '../../../src/infra/crypto/sealer.ts';
import { openDatabase } from '../../../src/infra/database/connect.ts';
import { firmwareStore } from '../../../src/infra/database/provisioning-firmware.ts';
import { provisioningStore } from '../../../src/infra/database/provisioning-store.ts';
import { knownCertificates, trustListStore } from '../../../src/infra/database/provisioning-trust.ts';
import { listenForNotices } from '../../../src/infra/notify.ts';
import { tlsMaterial } from '../../../src/infra/pki/identity.ts';
import { prepareNodeIdentity } from '../../../src/infra/pki/node-identity.ts';
import { fileSource } from '../../../src/infra/provisioning/file-source.ts';
import { firmwareDisk } from '../../../src/infra/provisioning/firmware-disk.ts';
import { rsaSigner } from '../../../src/infra/provisioning/signing.ts';
import { voucher } from '../../../src/infra/provisioning/voucher.ts';
import { silentLog } from '../../../src/kernel/log.ts';
import { testDatabase } from '../../support/database.ts';

const host = '127.0.0.1';

export interface PhoneToAdd {
  readonly name: string;
  readonly model?: string;
  readonly description?: string;
  readonly directoryNumber?: string;
  readonly requiresActivationCode?: boolean;
  readonly everActivated?: boolean;
}

/** A database and any number of nodes that serve files from it, each with its own pool and LISTEN connection. */
export async function fileLab() {
  const stack = new AsyncDisposableStack();
  const database = stack.use(await testDatabase());
  const keys = sealer(randomBytes(32));

  const addNode = async (name: string) => {
    const { db, transactions } = database;
    const options = {
      db,
      transactions,
      name,
      address: `${name}.example.org`,
      ports: {},
      version: 'test',
      instance: randomUUID(),
    };
    const claim = await claimNode(options);
    const { identity, keep } = await prepareNodeIdentity({ db, transactions, sealer: keys, node: claim });
    await joinCluster(options, claim, keep);
    return identity;
  };

  return {
    db: database.db,
    url: database.url,
    addNode,

    async addPhone(phone: PhoneToAdd): Promise<void> {
      await sql`
        INSERT INTO device (name, model, description, device_pool_id, phone_button_template_id, phone_security_profile_id,
                            sip_profile_id, common_phone_profile_id, requires_activation_code, first_activated_at)
        SELECT ${phone.name}, dd.model, ${phone.description ?? ''}, dd.device_pool_id, dd.phone_button_template_id,
               u.phone_security_profile_id, u.sip_profile_id, u.common_phone_profile_id, ${phone.requiresActivationCode ?? false},
               ${phone.everActivated === true ? sql`now()` : null}
          FROM device_default dd, universal_device_template u WHERE dd.model = ${phone.model ?? 'Cisco 8845'}`.execute(
        database.db,
      );
      if (phone.directoryNumber === undefined) return;
      await sql`
        WITH made AS (INSERT INTO line (directory_number, route_partition_id)
                      SELECT ${phone.directoryNumber}, id FROM route_partition WHERE name = '' RETURNING id)
        INSERT INTO device_line (device_id, line_index, line_id)
        SELECT d.id, 1, made.id FROM device d, made WHERE d.name = ${phone.name}`.execute(database.db);
    },

    /** Starts what a node serves files with. */
    async startNode(name: string, options: Partial<TftpServerOptions> & { confirmer?: FetchConfirmer } = {}) {
      const identity = await addNode(name);
      const own = stack.use(openDatabase(database.url, { max: 4 }));
      const directory = await mkdtemp(join(tmpdir(), 'firstring-files-'));
      stack.defer(() => rm(directory, { recursive: true, force: true }));
      const firmware = firmwareStore(own.db);
      const disk = firmwareDisk(directory, firmware);
      const files = fileSource({
        provisioning: provisioningStore(own.db),
        lists: trustListStore(own.db),
        firmware,
        disk,
        configSigner: rsaSigner(identity.callManagerSigning.certificate, identity.callManagerSigning.privateKey),
        listSigner: rsaSigner(identity.itlRecovery.certificate, identity.itlRecovery.privateKey),
      });
      const trust = voucher(() => knownCertificates(own.db, false), systemClock);
      const fetches: FileFetch[] = [];
      const observer = { asked: (fetch: FileFetch) => void fetches.push(fetch) };
      const notices = stack.use(
        await listenForNotices({
          url: database.url,
          channels: ['config_changed', 'trust_changed'],
          onNotice: (channel, payload) => {
            if (channel === 'config_changed') files.notice(payload);
            trust.notice();
          },
          onLost: () => {
            files.lost();
            trust.lost();
          },
          onListening: () => {
            files.listening();
            trust.listening();
          },
          log: silentLog,
        }),
      );
      const common = { host, port: 0, files, log: silentLog, observer };
      const tftp = await startTftpServer({ ...common, ...options });
      stack.defer(() => tftp.close());
      const http = await startFileHttp(common);
      stack.defer(() => http.close());
      const https = await startFileHttp({
        ...common,
        tls: tlsMaterial(identity.tomcat),
        ...(options.confirmer === undefined ? {} : { confirmer: options.confirmer }),
      });
      stack.defer(() => https.close());
      const tvs = await startTvs({ host, port: 0, tls: tlsMaterial(identity.tvs), voucher: trust, log: silentLog });
      stack.defer(() => tvs.close());
      return {
        identity,
        files,
        firmware,
        disk,
        directory,
        fetches,
        notices,
        tftp,
        tvs,
        tftpPort: tftp.port,
        tvsPort: tvs.port,
        http: `http://${host}:${http.port}`,
        https: `https://${host}:${https.port}`,
        httpPort: http.port,
        httpsPort: https.port,
        get: async (file: string) => {
          const response = await fetch(`http://${host}:${http.port}/${file}`);
          return response.status === 200 ? new Uint8Array(await response.arrayBuffer()) : response.status;
        },
      };
    },

    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** Repeats a question until the answer is right. The test's own time limit ends it. */
export async function until<T>(ask: () => Promise<T>, right: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (right(answer)) return answer;
    await new Promise((done) => setImmediate(done));
  }
}
