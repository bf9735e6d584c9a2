import type { ServedFile } from '../../domain/provisioning/ports.ts';

export interface FileCacheOptions {
  /** Makes the file of a key; undefined: there is none. */
  readonly load: (key: string) => Promise<ServedFile | undefined>;
  /** Files and absences kept. Default 20,000. */
  readonly maxEntries?: number;
  /** Octets kept in memory. Default 64 MiB. */
  readonly maxBytes?: number;
}

/**
 * Files in memory, kept true by change notices. While notices may be missed nothing is kept and every question goes to the store.
 * A load that a notice overtook answers its caller but is not kept.
 */
export interface FileCache {
  ready(key: string): ServedFile | undefined;
  find(key: string): Promise<ServedFile | undefined>;
  /** A `config_changed` notice: a device's name, or `*` for everything. */
  notice(payload: string): void;
  /** Notices may be missed from now on. */
  lost(): void;
  /** Notices arrive (again). */
  listening(): void;
}

export function fileCache(options: FileCacheOptions): FileCache {
  const maxEntries = options.maxEntries ?? 20_000;
  const maxBytes = options.maxBytes ?? 64 * 1024 * 1024;
  const kept = new Map<string, ServedFile | undefined>();
  const loading = new Map<string, Promise<ServedFile | undefined>>();
  let bytes = 0;
  let trusted = false;

  const forget = (key: string) => {
    loading.delete(key);
    bytes -= kept.get(key)?.bytes?.length ?? 0;
    kept.delete(key);
  };
  const forgetAll = () => {
    loading.clear();
    kept.clear();
    bytes = 0;
  };
  const keep = (key: string, file: ServedFile | undefined) => {
    forget(key);
    kept.set(key, file);
    bytes += file?.bytes?.length ?? 0;
    // Oldest first: a Map keeps the order of insertion.
    for (const oldest of kept.keys()) {
      if (kept.size <= maxEntries && bytes <= maxBytes) break;
      forget(oldest);
    }
  };

  return {
    ready: (key) => kept.get(key),
    async find(key) {
      if (!trusted) return options.load(key);
      if (kept.has(key)) return kept.get(key);
      const running = loading.get(key);
      if (running !== undefined) return running;
      const load = options.load(key);
      loading.set(key, load);
      try {
        const file = await load;
        if (loading.get(key) === load) keep(key, file);
        return file;
      } finally {
        if (loading.get(key) === load) loading.delete(key);
      }
    },
    notice(payload) {
      if (payload === '*') return forgetAll();
      forget(`${payload}.cnf.xml`);
      forget(`${payload}.cnf.xml.sgn`);
    },
    lost() {
      trusted = false;
      forgetAll();
    },
    listening() {
      trusted = true;
      forgetAll();
    },
  };
}
