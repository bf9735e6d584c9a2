import type { Actor } from '../ports.ts';
import type { TrustedCertificate, TrustStoreService } from '../settings/trust-store.ts';
import type { CloudConnectionStore } from './ports.ts';

const purpose = 'PhoneEdge-trust';

/** PhoneEdge-trust: certificates that go to the cloud, and from there to phones, so that they trust Expressway-E (feature D8). */
export class PhoneEdgeTrustService {
  readonly #trust: TrustStoreService;
  readonly #connection: Pick<CloudConnectionStore, 'read'>;

  constructor(trust: TrustStoreService, connection: Pick<CloudConnectionStore, 'read'>) {
    this.#trust = trust;
    this.#connection = connection;
  }

  async list(): Promise<{
    readonly items: readonly TrustedCertificate[];
    readonly version: number;
    readonly sentVersion: number;
  }> {
    const [items, { trustVersion, trustSentVersion }] = await Promise.all([
      this.#trust.list(purpose),
      this.#connection.read(),
    ]);
    return { items, version: trustVersion, sentVersion: trustSentVersion };
  }

  get(sha256: string): Promise<TrustedCertificate> {
    return this.#trust.get(purpose, sha256);
  }

  /** @throws SettingFault `certificate_unreadable`, `certificate_unfit`, `name_taken`, `trust_store_full` */
  add(actor: Actor, certificate: string, description: string): Promise<TrustedCertificate> {
    return this.#trust.add(actor, purpose, certificate, {
      description,
      micRoot: false,
      legacySha1: false,
      expiredMicsUntil: null,
    });
  }

  remove(actor: Actor, sha256: string): Promise<void> {
    return this.#trust.remove(actor, purpose, sha256, true);
  }
}
