import { toHex } from '../../kernel/bytes.ts';
import { say } from '../../texts/say.ts';
import type { AuditLog } from '../audit-log.ts';
import type { Actor } from '../ports.ts';
import { FirmwareFault, type FirmwareFile } from './firmware.ts';
import type { FirmwareStore } from './ports.ts';

/** Firmware as administrators handle it: every change with its audit row, and nothing deleted that phones are told to load. */
export class FirmwareService {
  readonly #files: FirmwareStore;
  readonly #audit: AuditLog;

  constructor(files: FirmwareStore, audit: AuditLog) {
    this.#files = files;
    this.#audit = audit;
  }

  list(): Promise<readonly FirmwareFile[]> {
    return this.#files.list();
  }

  find(name: string): Promise<FirmwareFile | undefined> {
    return this.#files.find(name);
  }

  content(file: FirmwareFile): AsyncIterable<Uint8Array> {
    return this.#files.content(file);
  }

  put(actor: Actor, name: string, content: AsyncIterable<Uint8Array>, replace: boolean): Promise<FirmwareFile> {
    return this.#files.put(name, content, {
      replace,
      within: (tx, file) =>
        this.#audit.append(tx, {
          actor,
          action: 'firmware-file.uploaded',
          objectKind: 'firmware-file',
          objectId: file.id,
          objectName: name,
          detail: { size: file.size, sha256: toHex(file.sha256), replace },
        }),
    });
  }

  /** False when there was none. Throws FirmwareFault `firmware_in_use`. */
  async remove(actor: Actor, name: string): Promise<boolean> {
    const models = await this.#files.loadedBy(name);
    if (models.length > 0)
      throw new FirmwareFault('policy', say('firmware_in_use', { models: models.join(', '), name }), {
        detail: { dependencies: [{ kind: 'device-default', count: models.length, names: models.slice(0, 10) }] },
      });
    return this.#files.remove(name, (tx) =>
      this.#audit.append(tx, { actor, action: 'firmware-file.deleted', objectKind: 'firmware-file', objectName: name }),
    );
  }
}
