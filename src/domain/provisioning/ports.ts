import type { Transaction } from '../../kernel/transaction.ts';
import type { ClusterFacts, PhoneFacts } from './facts.ts';
import type { FirmwareFile } from './firmware.ts';
import type { HeldCertificate, VouchedRole } from './trust.ts';

/** Reads, each in one round trip and one snapshot. */
export interface ProvisioningStore {
  /** By device name; undefined when there is no such device. */
  phone(name: string): Promise<PhoneFacts | undefined>;
  /** The cluster as a phone without a record sees it: from the Call Manager group for auto-registration, else from the TFTP default. */
  cluster(): Promise<ClusterFacts>;
  certificates(): Promise<readonly HeldCertificate[]>;
}

/** Signs as the certificate it shows: RSA PKCS#1 v1.5 over SHA-512, key of 2048 bits. */
export interface FileSigner {
  /** DER. */
  readonly certificate: Uint8Array;
  sign(bytes: Uint8Array): Uint8Array;
}

export interface KeptTrustList {
  readonly contentHash: Uint8Array;
  readonly bytes: Uint8Array;
  /** The database was restored after it was built: phones may hold one that is newer than all that stand here. */
  readonly doubtful: boolean;
}

/** Lists once built: while the content stays the same, the newest one is the same octets on every node. */
export interface TrustListStore {
  newest(kind: 'ITL' | 'CTL'): Promise<KeptTrustList | undefined>;
  /**
   * Adds a list, one node at a time: `build` sees the certificates and the newest list as they are once nobody else builds, and the time by
   * the database's clock, in seconds since the epoch. It returns nothing when another node was first. What it throws goes through.
   */
  renew(
    kind: 'ITL' | 'CTL',
    build: (seen: {
      readonly certificates: readonly HeldCertificate[];
      readonly newest: KeptTrustList | undefined;
      readonly now: number;
    }) => Pick<KeptTrustList, 'contentHash' | 'bytes'> | undefined,
  ): Promise<void>;
}

export interface FirmwareStore {
  list(): Promise<readonly FirmwareFile[]>;
  find(name: string): Promise<FirmwareFile | undefined>;
  /**
   * Stores a whole file or nothing: others see it once it is complete. `replace` puts it in place of one of the same name.
   * Throws FirmwareFault. The stream is read to its end or destroyed. `within` runs in the same transaction, last.
   */
  put(
    name: string,
    content: AsyncIterable<Uint8Array>,
    options?: { readonly replace?: boolean; readonly within?: (tx: Transaction, file: FirmwareFile) => Promise<void> },
  ): Promise<FirmwareFile>;
  /** Octets of the file, in order. */
  content(file: FirmwareFile): AsyncIterable<Uint8Array>;
  /** False when there was none. `within` runs in the same transaction, last. */
  remove(name: string, within?: (tx: Transaction) => Promise<void>): Promise<boolean>;
  /** Models whose Device Defaults tell phones to load it. */
  loadedBy(name: string): Promise<readonly string[]>;
}

/** A file as it is served, whole and of one version. */
export interface ServedFile {
  readonly size: number;
  readonly contentType: string;
  /** Strong entity tag without quotes: hex of the content's SHA-256, shortened. */
  readonly etag: string;
  /** The content when it is in memory. */
  readonly bytes: Uint8Array | undefined;
  /** For files not in memory. The reader keeps its version even when the file is replaced meanwhile. */
  open(): Promise<FileReader>;
}

export interface FileReader {
  read(offset: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

export interface FileSource {
  /** Without waiting: the file when it is in memory and known to be current. */
  ready(name: string): ServedFile | undefined;
  /** Undefined: no such file. Rejects when the stores cannot be asked. */
  find(name: string): Promise<ServedFile | undefined>;
}

/** What TVS knows, by SHA-256 of the certificate's DER. */
export interface Voucher {
  /** Undefined: not trusted. Rejects when the stores cannot be asked. */
  verdict(
    certificateSha256: Uint8Array,
  ): Promise<{ readonly roles: readonly VouchedRole[]; readonly ttl: number } | undefined>;
}

/** Told of every file asked for. Never awaited, never throws. */
export interface FileObserver {
  asked(fetch: FileFetch): void;
}

export interface FileFetch {
  readonly name: string;
  readonly over: 'tftp' | 'http' | 'https';
  readonly sourceAddress: string;
  readonly outcome: 'served' | 'not-found' | 'refused' | 'unavailable';
  /** Size of the file served; 0 otherwise. */
  readonly octets: number;
}
