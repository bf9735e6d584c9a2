import { createHash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import {
  FirmwareFault,
  type FirmwareFile,
  maxFirmwareSize,
  requireFirmwareName,
} from '../../domain/provisioning/firmware.ts';
import type { FirmwareStore } from '../../domain/provisioning/ports.ts';
import { say } from '../../texts/say.ts';
import { inTransaction, oneTransaction } from './connect.ts';
import type { Database } from './schema.ts';

/** Octets in one row: small enough that no node holds much of a file in memory. */
const chunkSize = 512 * 1024;

/** Firmware in the database, so that every node serves what was uploaded to one. */
export function firmwareStore(db: Kysely<Database>): FirmwareStore {
  const columns = ['id', 'name', 'size', 'sha256', 'created_at'] as const;
  const find: FirmwareStore['find'] = async (name) => {
    const row = await db.selectFrom('firmware_file').select(columns).where('name', '=', name).executeTakeFirst();
    return row === undefined ? undefined : fileOf(row);
  };
  return {
    find,

    async list() {
      const rows = await db.selectFrom('firmware_file').select(columns).orderBy('name').execute();
      return rows.map(fileOf);
    },

    async put(name, content, options = {}) {
      requireFirmwareName(name);
      return oneTransaction(db, async (open) => {
        const tx = inTransaction(db, open);
        if (options.replace === true) await tx.deleteFrom('firmware_file').where('name', '=', name).execute();
        // Others do not see the row before the commit, so its size and hash may come last.
        const row = await tx
          .insertInto('firmware_file')
          .values({ name, size: 0, sha256: Buffer.alloc(32) })
          .onConflict((conflict) => conflict.column('name').doNothing())
          .returning('id')
          .executeTakeFirst();
        if (row === undefined) {
          throw new FirmwareFault('caller', say('firmware_exists', { name }), { field: 'name' });
        }
        const hash = createHash('sha256');
        let size = 0;
        let index = 0;
        for await (const data of chunksOf(content)) {
          size += data.length;
          if (size > maxFirmwareSize) {
            throw new FirmwareFault('caller', say('firmware_too_large', { most: maxFirmwareSize / 2 ** 20 }));
          }
          hash.update(data);
          await tx.insertInto('firmware_chunk').values({ file_id: row.id, index: index++, data }).execute();
        }
        if (size === 0) {
          throw new FirmwareFault('caller', say('firmware_empty'));
        }
        const stored = await tx
          .updateTable('firmware_file')
          .set({ size, sha256: hash.digest() })
          .where('id', '=', row.id)
          .returning(columns)
          .executeTakeFirstOrThrow();
        const file = fileOf(stored);
        await options.within?.(open, file);
        return file;
      });
    },

    async *content(file) {
      for (let index = 0, seen = 0; seen < file.size; index++) {
        const row = await db
          .selectFrom('firmware_chunk')
          .select('data')
          .where('file_id', '=', file.id)
          .where('index', '=', index)
          .executeTakeFirst();
        if (row === undefined) {
          throw new FirmwareFault('ours', say('firmware_incomplete', { name: file.name }));
        }
        seen += row.data.length;
        yield row.data;
      }
    },

    async remove(name, within) {
      return oneTransaction(db, async (open) => {
        const tx = inTransaction(db, open);
        const { rows } = await sql<{ id: string }>`DELETE FROM firmware_file WHERE name = ${name} RETURNING id`.execute(
          tx,
        );
        if (rows.length > 0) await within?.(open);
        return rows.length > 0;
      });
    },

    async loadedBy(name) {
      const load = name.replace(/\.loads$/, '');
      if (load === name) return [];
      const rows = await db
        .selectFrom('device_default')
        .select('model')
        .where((where) =>
          where.or([where('load_information', '=', load), where('inactive_load_information', '=', load)]),
        )
        .orderBy('model')
        .execute();
      return rows.map((each) => each.model);
    },
  };
}

function fileOf(row: { id: string; name: string; size: string; sha256: Buffer; created_at: Date }): FirmwareFile {
  return { id: row.id, name: row.name, size: Number(row.size), sha256: row.sha256, createdAt: row.created_at };
}

/** The same octets in pieces of chunkSize. */
async function* chunksOf(content: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let held: Uint8Array[] = [];
  let length = 0;
  for await (const piece of content) {
    held.push(piece);
    length += piece.length;
    if (length >= chunkSize) {
      const all = Buffer.concat(held);
      let at = 0;
      for (; at + chunkSize <= all.length; at += chunkSize) yield all.subarray(at, at + chunkSize);
      held = [all.subarray(at)];
      length = all.length - at;
    }
  }
  if (length > 0) yield Buffer.concat(held);
}
