import { fromHex, toHex } from '../../kernel/bytes.ts';
import type { AuditKey } from './audit-reader.ts';
import type { Checkpoint, SealedRecord } from './chain.ts';

export type ExportLine =
  | {
      readonly kind: 'header';
      readonly format: 'firstring-audit-1';
      /** Place in the chain at which this export begins. */
      readonly fromSeq: number;
      readonly keys: readonly AuditKey[];
    }
  | ({ readonly kind: 'event' } & Omit<SealedRecord, 'prevHash' | 'hash'> & {
        readonly prevHash: string;
        readonly hash: string;
      })
  | ({ readonly kind: 'checkpoint' } & Omit<Checkpoint, 'hash' | 'signature'> & {
        readonly hash: string;
        readonly signature: string;
      });

export const eventLine = (event: SealedRecord): ExportLine => ({
  kind: 'event',
  ...event,
  prevHash: toHex(event.prevHash),
  hash: toHex(event.hash),
});

export const checkpointLine = (checkpoint: Checkpoint): ExportLine => ({
  kind: 'checkpoint',
  ...checkpoint,
  hash: toHex(checkpoint.hash),
  signature: toHex(checkpoint.signature),
});

const texts = ['id', 'at', 'actor', 'sourceAddress', 'action', 'objectKind', 'objectId', 'objectName', 'node'] as const;

/** One line of an export; undefined when it is not one. */
export function readExportLine(
  text: string,
):
  | { header: { readonly fromSeq: number; readonly keys: readonly AuditKey[] } }
  | { event: SealedRecord }
  | { checkpoint: Checkpoint }
  | undefined {
  let line: Record<string, unknown>;
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined;
    line = parsed as Record<string, unknown>;
  } catch {
    return undefined;
  }
  if (line['kind'] === 'header') {
    const { fromSeq, keys } = line;
    if (line['format'] !== 'firstring-audit-1' || !Array.isArray(keys) || typeof fromSeq !== 'number') return undefined;
    return { header: { fromSeq, keys: keys as AuditKey[] } };
  }
  const seq = line['seq'];
  const hash = bytes(line['hash']);
  if (typeof seq !== 'number' || !Number.isSafeInteger(seq) || seq < 1 || hash?.length !== 32) return undefined;
  if (line['kind'] === 'checkpoint') {
    const signature = bytes(line['signature']);
    const { keyId, at } = line;
    if (signature === undefined || typeof keyId !== 'string' || typeof at !== 'string') return undefined;
    return { checkpoint: { seq, hash, at, signature, keyId } };
  }
  const prevHash = bytes(line['prevHash']);
  if (line['kind'] !== 'event' || prevHash?.length !== 32 || !texts.every((key) => typeof line[key] === 'string'))
    return undefined;
  const fields = Object.fromEntries(texts.map((key) => [key, line[key]])) as Record<(typeof texts)[number], string>;
  return { event: { ...fields, detail: line['detail'], seq, prevHash, hash } };
}

function bytes(hex: unknown): Uint8Array | undefined {
  return typeof hex === 'string' && /^(?:[0-9a-f]{2})*$/.test(hex) ? fromHex(hex) : undefined;
}
