import type { Sealer } from '../ports.ts';
import { isCloudFault, type MraFault } from './faults.ts';
import type { Cloud, CloudAddress, CloudConnection, CloudConnectionStore, ClusterIdentity } from './ports.ts';

/** Sealer purpose of the key of this cluster's certificate; plain: PKCS #8, DER. */
export const cloudKeyPurpose = 'cloud-client-key';

export interface CloudLinkParts {
  readonly cloud: Cloud;
  readonly store: CloudConnectionStore;
  readonly sealer: Sealer;
}

export interface Linked {
  readonly connection: CloudConnection;
  readonly to: CloudAddress;
  readonly as: ClusterIdentity;
}

/** How this cluster speaks to the cloud: as whom, and with how it went kept for the page. */
export class CloudLink {
  readonly cloud: Cloud;
  readonly #store: CloudConnectionStore;
  readonly #sealer: Sealer;

  constructor({ cloud, store, sealer }: CloudLinkParts) {
    this.cloud = cloud;
    this.#store = store;
    this.#sealer = sealer;
  }

  /** Undefined: not enrolled. */
  async open(): Promise<Linked | undefined> {
    const connection = await this.#store.read();
    const { enrolled, address, authorityPem } = connection;
    if (enrolled === undefined) return undefined;
    const { clusterId, certificateChain, keySealed } = enrolled;
    const key = this.#sealer.open(cloudKeyPurpose, keySealed);
    return { connection, to: { address, authorityPem }, as: { clusterId, certificateChain, key } };
  }

  /** Runs one request and keeps how it went. Rejects as the cloud does. */
  async tried<T>(work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      await this.#store.noteSuccess(undefined);
      return result;
    } catch (error) {
      await this.noteFailure(error);
      throw error;
    }
  }

  async noteFailure(error: unknown): Promise<MraFault | undefined> {
    if (!isCloudFault(error)) return undefined;
    await this.#store.noteFailure(error.code, error.message);
    return error;
  }
}
