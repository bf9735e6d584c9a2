import { createHash, X509Certificate } from 'node:crypto';
import { assembleDefault } from '../../domain/provisioning/cluster-view.ts';
import { assemblePhone } from '../../domain/provisioning/phone-configuration.ts';
import type {
  FileSigner,
  FileSource,
  FirmwareStore,
  ProvisioningStore,
  ServedFile,
  TrustListStore,
} from '../../domain/provisioning/ports.ts';
import { cacheKey, parseServedName } from '../../domain/provisioning/served-name.ts';
import { concat } from '../../kernel/bytes.ts';
import { writeDefaultFile } from '../../protocol/phone-config/default-file.ts';
import { writePhoneFile, writePhoneStub } from '../../protocol/phone-config/phone-file.ts';
import { type FileCache, fileCache } from './file-cache.ts';
import type { FirmwareDisk } from './firmware-disk.ts';
import { signFile } from './signing.ts';
import { currentTrustList } from './trust-list.ts';

export interface FileSourceParts {
  readonly provisioning: ProvisioningStore;
  readonly lists: TrustListStore;
  readonly firmware: Pick<FirmwareStore, 'find' | 'content'>;
  readonly disk: Pick<FirmwareDisk, 'open'>;
  /** The CallManager-signing certificate and key: signs every `.sgn`. */
  readonly configSigner: FileSigner;
  /** The ITLRecovery certificate and key: signs the ITL. */
  readonly listSigner: FileSigner;
}

/** Feed `notice`, `lost` and `listening` from the node's LISTEN connection (channel `config_changed`). */
export interface CachedFileSource extends FileSource, Pick<FileCache, 'notice' | 'lost' | 'listening'> {}

/** Uploaded files up to this many octets are kept in memory, larger ones are read from disk. */
const largestInMemory = 256 * 1024;

/** Files made on demand from the database and kept until a notice says that they changed. */
export function fileSource(parts: FileSourceParts): CachedFileSource {
  const cache = fileCache({ load: (key) => make(key, parts, cache) });
  return {
    ready(name) {
      // The common case needs no parsing: most names are their own key. Anything else takes the slower road.
      return cache.ready(name);
    },
    async find(name) {
      const parsed = parseServedName(name);
      return parsed === undefined ? undefined : cache.find(cacheKey(parsed));
    },
    notice: cache.notice,
    lost: cache.lost,
    listening: cache.listening,
  };
}

async function make(key: string, parts: FileSourceParts, cache: FileCache): Promise<ServedFile | undefined> {
  const name = parseServedName(key);
  if (name === undefined) return undefined;
  switch (name.kind) {
    case 'trust-list':
      // No CTL: phones take its absence as "trust the ITL".
      return name.list === 'CTL'
        ? undefined
        : inMemory(key, await currentTrustList({ ...parts, signer: parts.listSigner }));
    case 'phone':
    case 'default': {
      if (!name.signed) return plainFile(name, key, parts);
      const plainName = key.slice(0, -'.sgn'.length);
      const plain = await cache.find(plainName);
      if (plain?.bytes === undefined) return undefined;
      const timestamp = validFrom(parts.configSigner.certificate);
      return inMemory(key, signFile(parts.configSigner, plainName, timestamp, plain.bytes));
    }
    case 'uploaded':
      return uploadedFile(name.fileName, parts);
  }
}

async function plainFile(
  name: { kind: 'phone'; deviceName: string } | { kind: 'default' },
  key: string,
  { provisioning }: FileSourceParts,
): Promise<ServedFile | undefined> {
  if (name.kind === 'default') return inMemory(key, writeDefaultFile(assembleDefault(await provisioning.cluster())));
  const facts = await provisioning.phone(name.deviceName);
  const configuration = facts === undefined ? undefined : assemblePhone(facts);
  if (configuration === undefined) return undefined;
  return inMemory(key, configuration.kind === 'full' ? writePhoneFile(configuration) : writePhoneStub(configuration));
}

async function uploadedFile(fileName: string, parts: FileSourceParts): Promise<ServedFile | undefined> {
  const file = await parts.firmware.find(fileName);
  if (file === undefined) return undefined;
  if (file.size <= largestInMemory) {
    const pieces: Uint8Array[] = [];
    for await (const piece of parts.firmware.content(file)) pieces.push(piece);
    return inMemory(fileName, concat(...pieces));
  }
  return {
    size: file.size,
    contentType: contentTypeOf(fileName),
    etag: Buffer.from(file.sha256).toString('hex').slice(0, 32),
    bytes: undefined,
    open: () => parts.disk.open(file),
  };
}

/** A file whose content is in memory. */
export function inMemory(name: string, bytes: Uint8Array): ServedFile {
  return {
    size: bytes.length,
    contentType: contentTypeOf(name),
    etag: createHash('sha256').update(bytes).digest('hex').slice(0, 32),
    bytes,
    open: async () => ({
      read: async (offset, length) => bytes.subarray(offset, offset + length),
      close: async () => {},
    }),
  };
}

function contentTypeOf(name: string): string {
  return /\.xml$/i.test(name) ? 'text/xml; charset=utf-8' : 'application/octet-stream';
}

/** A fixed point in time that all nodes know, for signatures over content without a date of its own. Seconds since the epoch. */
function validFrom(certificate: Uint8Array): number {
  return Math.floor(Date.parse(new X509Certificate(certificate).validFrom) / 1000);
}
