import type { Transactions } from '../../kernel/transaction.ts';
import { say } from '../../texts/say.ts';
import type { AuditLog } from '../audit-log.ts';
import type { Actor } from '../ports.ts';
import type { ListRequest, Page } from '../settings/resource.ts';
import { BulkFault, disallowBulk } from './bulk-fault.ts';
import type { TransactionType } from './columns.ts';
import { formatOf, type PhoneFileReader } from './file-source.ts';
import type { BulkFile, BulkFileStore, NewBulkFile } from './ports.ts';

export interface BulkFileParts {
  readonly store: BulkFileStore;
  readonly transactions: Transactions;
  readonly audit: AuditLog;
  readonly reader: PhoneFileReader;
}

/** Bulk Administration > Upload/Download Files. */
export class BulkFileService {
  readonly #parts: BulkFileParts;

  constructor(parts: BulkFileParts) {
    this.#parts = parts;
  }

  list(request: ListRequest & { readonly transaction?: TransactionType | undefined }): Promise<Page<BulkFile>> {
    return this.#parts.store.page(request);
  }

  /** @throws BulkFault `bulk_file_not_found` */
  async get(name: string): Promise<BulkFile> {
    return (await this.#parts.store.find(name)) ?? missing(name);
  }

  async content(name: string): Promise<{ readonly file: BulkFile; readonly content: Uint8Array }> {
    const file = await this.get(name);
    return { file, content: (await this.#parts.store.content(file.id)) ?? missing(name) };
  }

  /**
   * Keeps a file whole, with its rows as they were read, or nothing of it.
   * @throws FileRefused with everything that is wrong, BulkFault `bulk_file_exists`, `bulk_file_in_use`, `bulk_reader_busy`
   */
  async put(actor: Actor, given: Omit<NewBulkFile, 'uploadedBy' | 'format'>, replace: boolean): Promise<BulkFile> {
    const { store, transactions, audit, reader } = this.#parts;
    const file = { ...given, format: formatOf(given.content), uploadedBy: actor.name };
    const reading = reader.read(file.content, file.transaction);
    try {
      // What takes longest of a workbook comes before its first row: no transaction is open meanwhile.
      let part = await reading.next();
      // The records can be read once only: this transaction is not run again, and its rows are new, so it loses no deadlock.
      return await transactions.run(async (tx) => {
        const old = await store.find(file.name, tx);
        if (old !== undefined) {
          if (!replace) throw nameTaken(file.name);
          await this.#refuseInUse(tx, old);
          await store.remove(tx, old.id);
        }
        const id = await store.begin(tx, file);
        if (id === undefined) throw nameTaken(file.name);
        while (!part.done) {
          await store.addRows(tx, id, part.value);
          part = await reading.next();
        }
        const stored = await store.finish(tx, id, part.value);
        await audit.append(tx, {
          actor,
          action: 'bulk-file.uploaded',
          objectKind: 'bulk-file',
          objectId: id,
          objectName: file.name,
          detail: { transaction: file.transaction, rows: stored.rows, size: file.content.length },
        });
        return stored;
      });
    } finally {
      await reading.return(undefined as never);
    }
  }

  async remove(actor: Actor, name: string): Promise<void> {
    const { store, transactions, audit } = this.#parts;
    await transactions.run(async (tx) => {
      const file = (await store.find(name, tx)) ?? missing(name);
      await this.#refuseInUse(tx, file);
      await store.remove(tx, file.id);
      await audit.append(tx, {
        actor,
        action: 'bulk-file.deleted',
        objectKind: 'bulk-file',
        objectId: file.id,
        objectName: file.name,
      });
    });
  }

  async #refuseInUse(tx: Parameters<BulkFileStore['inUse']>[0], file: BulkFile): Promise<void> {
    if (await this.#parts.store.inUse(tx, file.id)) throw disallowBulk(say('bulk_file_in_use', { name: file.name }));
  }
}

function missing(name: string): never {
  throw new BulkFault('caller', say('bulk_file_not_found', { name: name.slice(0, 100) }), { field: 'name' });
}

const nameTaken = (name: string) => new BulkFault('policy', say('bulk_file_exists', { name }), { field: 'name' });
