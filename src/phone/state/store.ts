import { chmod, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fromBase64url, toBase64url } from '../../kernel/bytes.ts';
import { makeWithParents } from '../../kernel/directories.ts';
import { MalformedError } from '../../kernel/errors.ts';
import type { DeviceConfiguration, DigestCredentials, StoredPhone } from '../boot/types.ts';
import { readTrustList } from '../files/trust.ts';
import type { RemoteAccess } from '../mra/model.ts';

/** What a phone keeps over a restart. */
export interface PhoneStore {
  load(): Promise<StoredPhone | undefined>;
  /** Atomic: after a crash there is the old state or the new one. */
  save(phone: StoredPhone): Promise<void>;
  wipe(): Promise<void>;
}

/** A phone that forgets everything when its process ends. */
export function memoryStore(): PhoneStore {
  let held: StoredPhone | undefined;
  return {
    load: async () => held,
    async save(phone) {
      held = phone;
    },
    async wipe() {
      held = undefined;
    },
  };
}

/** Service mode back to what it was in the box: a phone in MRA mode forgets its domains, its tokens and what it is. */
export async function leaveServiceMode(store: PhoneStore): Promise<void> {
  const phone = await store.load();
  if (phone?.remote !== undefined) await store.wipe();
}

interface StateFile {
  readonly v: 1;
  readonly deviceName: string;
  readonly activationId: string | null;
  readonly trustList: string | null;
  readonly tftp: readonly string[];
  readonly digest: DigestCredentials | null;
  readonly load: string;
  readonly configuration: DeviceConfiguration | null;
  /** Missing in files from before MRA. */
  readonly remote?: StoredRemote | null;
}

type StoredRemote = Omit<RemoteAccess, 'edgeTrust'> & {
  readonly edgeTrust: { readonly sha256: readonly string[]; readonly certificates: readonly string[] };
};

/** One file, `DIR/<device name>.json`, mode 0600: it may hold a digest password, or tokens. A damaged file counts as none. */
export function fileStore(directory: string, deviceName: string): PhoneStore {
  const file = join(directory, `${deviceName}.json`);
  let last: Promise<void> = Promise.resolve();
  /** Saves never overtake each other. */
  const inOrder = (work: () => Promise<void>) => {
    last = last.then(work, work);
    return last;
  };
  return {
    async load() {
      try {
        return decode(await readFile(file, 'utf8'), deviceName);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        if (error instanceof MalformedError || error instanceof SyntaxError) return undefined;
        throw error;
      }
    },
    save: (phone) =>
      inOrder(async () => {
        await makeWithParents(resolve(directory), (each) => mkdir(each, { mode: 0o700 }), dirname);
        await replace(file, encode(phone));
      }),
    wipe: () => inOrder(() => rm(file, { force: true })),
  };
}

async function replace(file: string, text: string): Promise<void> {
  const fresh = `${file}.new`;
  const handle = await open(fresh, 'w', 0o600);
  try {
    await chmod(fresh, 0o600);
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(fresh, file);
}

function encode(phone: StoredPhone): string {
  const state: StateFile = {
    v: 1,
    deviceName: phone.deviceName,
    activationId: phone.activationId ?? null,
    trustList: phone.trust === undefined ? null : toBase64url(phone.trust.bytes),
    tftp: phone.tftp,
    digest: phone.digest ?? null,
    load: phone.load,
    configuration: phone.configuration ?? null,
    remote: phone.remote === undefined ? null : storedRemote(phone.remote),
  };
  return `${JSON.stringify(state, null, 2)}\n`;
}

/** Throws MalformedError or SyntaxError. */
function decode(text: string, deviceName: string): StoredPhone {
  const state = JSON.parse(text) as StateFile;
  if (state.v !== 1 || state.deviceName !== deviceName || !Array.isArray(state.tftp)) {
    throw new MalformedError('not the state of this phone');
  }
  const bytes = state.trustList === null ? undefined : fromBase64url(state.trustList);
  return {
    deviceName,
    activationId: state.activationId ?? undefined,
    trust: bytes === undefined ? undefined : readTrustList(bytes, undefined),
    tftp: state.tftp,
    digest: state.digest ?? undefined,
    load: state.load,
    configuration: state.configuration ?? undefined,
    ...(state.remote == null ? {} : { remote: remoteIn(state.remote) }),
  };
}

function storedRemote({ edgeTrust: { certificates, sha256 }, ...rest }: RemoteAccess): StoredRemote {
  return { ...rest, edgeTrust: { sha256, certificates: certificates.map(toBase64url) } };
}

/** Throws MalformedError. */
function remoteIn({ edgeTrust: { certificates, sha256 }, ...rest }: StoredRemote): RemoteAccess {
  const read = certificates.map((text) => {
    const der = fromBase64url(text);
    if (der === undefined) throw new MalformedError('a certificate is not base64url');
    return der;
  });
  return { ...rest, edgeTrust: { sha256, certificates: read } };
}
