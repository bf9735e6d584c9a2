import type { FileSource, Voucher } from '../../../domain/provisioning/ports.ts';
import { noteDatabaseLife } from '../../../infra/cluster/database-life.ts';
import type { NodeContext } from '../context.ts';

/** Changes come in flocks. Milliseconds. */
const settle = 50;

/** A new node's certificates are in the trust list soon after it joined, whether or not a phone asks. */
export function keepTrustListBuilt({ notices, log }: NodeContext, files: FileSource): void {
  let waiting = false;
  const build = () => {
    if (waiting) return;
    waiting = true;
    setTimeout(() => {
      waiting = false;
      files.find('ITLFile.tlv').catch((error: unknown) => log.error({ err: error }, 'the ITL could not be built'));
    }, settle).unref();
  };
  notices.on('config_changed', (payload) => {
    if (payload === '*') build();
  });
  let first = true;
  notices.feed({
    lost() {},
    listening() {
      // At the start nobody has joined yet.
      if (!first) build();
      first = false;
    },
  });
}

/** A database that was restored in the meantime gives files a later order, before the first of them is served. */
export async function keepOrderAfterRestore({ db, notices, log }: NodeContext): Promise<void> {
  const look = async () => {
    if (await noteDatabaseLife(db)) {
      log.warn(
        {},
        'the database was restored, moved or promoted: the files of all phones are renewed, so that phones take them',
      );
    }
  };
  await look();
  notices.feed({
    lost() {},
    listening: () => {
      look().catch((error: unknown) =>
        log.warn({ err: error }, 'it could not be seen whether the database was restored'),
      );
    },
  });
}

/** Which services an administrator switched off on this node. */
export async function serviceSwitches({ db, node, notices, log }: NodeContext): Promise<(service: string) => boolean> {
  let off = new Set<string>();
  const read = async () => {
    const rows = await db
      .selectFrom('node_service')
      .select('service')
      .where('node_id', '=', node.id)
      .where('activated', '=', false)
      .execute();
    off = new Set(rows.map((row) => row.service));
  };
  const refresh = () => {
    read().catch((error: unknown) => log.warn({ err: error }, 'service switches could not be read'));
  };
  await read();
  notices.on('config_changed', (payload) => {
    if (payload === '*') refresh();
  });
  notices.feed({ lost() {}, listening: refresh });
  return (service) => !off.has(service);
}

/** While the service is off phones are told to try again later, which sends them to another node. */
export function filesWhileOn(files: FileSource, isOn: () => boolean): FileSource {
  return {
    ready: (name) => (isOn() ? files.ready(name) : undefined),
    find: async (name) => {
      if (!isOn()) throw new Error('the TFTP service is switched off on this node');
      return files.find(name);
    },
  };
}

export function vouchWhileOn(known: Voucher, isOn: () => boolean): Voucher {
  return {
    verdict: async (certificate) => {
      if (!isOn()) throw new Error('the Trust Verification Service is switched off on this node');
      return known.verdict(certificate);
    },
  };
}
