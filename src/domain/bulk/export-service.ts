import type { DeviceName } from '../../identifiers/device-name.ts';
import type { Transactions } from '../../kernel/transaction.ts';
import type { Phone } from '../devices/phone.ts';
import type { DeviceCodes, ExportedCode } from '../devices/ports.ts';
import type { Actor } from '../ports.ts';
import type { JobRow, SelectionQuery } from './job.ts';
import type { BulkJobStore, BulkLookups } from './ports.ts';

const atOnce = 500;

export interface BulkExportParts {
  readonly lookups: BulkLookups;
  readonly jobs: BulkJobStore;
  readonly codes: DeviceCodes;
  readonly transactions: Transactions;
}

/** One row of a job with the phone it made or changed, as it is now. */
export interface ResultRow {
  readonly row: JobRow;
  readonly code: ExportedCode | undefined;
}

/** What goes out as CSV, page by page: never more than a page in memory. */
export class BulkExportService {
  readonly #parts: BulkExportParts;

  constructor(parts: BulkExportParts) {
    this.#parts = parts;
  }

  mostLines(query: SelectionQuery): Promise<number> {
    return this.#parts.lookups.mostLines(query);
  }

  async *phones(query: SelectionQuery): AsyncGenerator<readonly Phone[]> {
    let after: string | undefined;
    for (;;) {
      const page = await this.#parts.lookups.select(query, { limit: atOnce, after });
      if (page.length > 0) yield page;
      if (page.length < atOnce) return;
      after = page.at(-1)!.name;
    }
  }

  /** Codes that wait to be entered, of the phones of a selection; the audit log keeps who took which. */
  async *codes(query: SelectionQuery, actor: Actor): AsyncGenerator<readonly ExportedCode[]> {
    for await (const page of this.phones({ ...query, codeState: query.codeState ?? 'active' })) {
      const codes = await this.#codesOf(
        page.map((phone) => phone.name),
        actor,
      );
      if (codes.length > 0) yield codes;
    }
  }

  /** The rows of a job; with their codes where `reveal`, and then audited. */
  async *results(id: number, actor: Actor, reveal: boolean): AsyncGenerator<readonly ResultRow[]> {
    for await (const rows of this.#parts.jobs.allRows(id)) {
      const names = rows.flatMap((row) => (row.state === 'done' && row.codeId !== undefined ? [row.deviceName!] : []));
      const codes = reveal && names.length > 0 ? await this.#codesOf(names, actor) : [];
      const byName = new Map(codes.map((code) => [code.deviceName as string, code]));
      yield rows.map((row) => ({ row, code: byName.get(row.deviceName ?? '') }));
    }
  }

  #codesOf(names: readonly string[], actor: Actor): Promise<readonly ExportedCode[]> {
    return this.#parts.transactions.run((tx) =>
      this.#parts.codes.exportOutstanding(tx, { limit: names.length, devices: names as readonly DeviceName[] }, actor),
    );
  }
}
