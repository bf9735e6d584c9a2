import { createHash, randomUUID } from 'node:crypto';
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FirmwareFile } from '../../domain/provisioning/firmware.ts';
import type { FileReader, FirmwareStore } from '../../domain/provisioning/ports.ts';
import { toHex } from '../../kernel/bytes.ts';
import { Fault } from '../../kernel/errors.ts';
import { makeDirectory } from '../data-directory/files.ts';

export type FirmwareDiskFaultCode = 'firmware_damaged';
export class FirmwareDiskFault extends Fault<FirmwareDiskFaultCode> {}

/** Copies of uploaded files on this node's disk, named by their hash: a copy is whole or is not there. */
export interface FirmwareDisk {
  /** Copies the file out of the store first when this node has none. */
  open(file: FirmwareFile): Promise<FileReader>;
  /** Removes left-overs of a killed run and copies of files that are no longer stored. */
  sweep(): Promise<void>;
}

export function firmwareDisk(directory: string, store: Pick<FirmwareStore, 'content' | 'list'>): FirmwareDisk {
  const copying = new Map<string, Promise<void>>();

  const copy = async (file: FirmwareFile, path: string) => {
    await makeDirectory(directory);
    const part = `${path}.${randomUUID()}.part`;
    const handle = await open(part, 'wx', 0o600);
    try {
      const hash = createHash('sha256');
      for await (const data of store.content(file)) {
        hash.update(data);
        await handle.writeFile(data);
      }
      if (Buffer.compare(hash.digest(), file.sha256) !== 0) {
        throw new FirmwareDiskFault('ours', 'firmware_damaged', `${file.name} does not have its hash.`, {
          remedy: 'Delete the file and upload it again.',
        });
      }
      await handle.close();
      await rename(part, path);
    } catch (error) {
      await handle.close().catch(() => {});
      await rm(part, { force: true });
      throw error;
    }
  };

  return {
    async open(file) {
      const path = join(directory, toHex(file.sha256));
      const there = await stat(path).then(
        (found) => found.size === file.size,
        () => false,
      );
      if (!there) {
        const running = copying.get(path) ?? copy(file, path).finally(() => copying.delete(path));
        copying.set(path, running);
        await running;
      }
      const handle = await open(path, 'r');
      return {
        async read(offset, length) {
          const data = Buffer.alloc(length);
          const { bytesRead } = await handle.read(data, 0, length, offset);
          return data.subarray(0, bytesRead);
        },
        close: () => handle.close(),
      };
    },

    async sweep() {
      const wanted = new Set((await store.list()).map((file) => toHex(file.sha256)));
      const names = await readdir(directory).catch(() => []);
      for (const name of names) {
        if (/^[0-9a-f]{64}(\..*\.part)?$/.test(name) && !wanted.has(name))
          await rm(join(directory, name), { force: true });
      }
    },
  };
}
