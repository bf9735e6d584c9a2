import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import { equalBytes } from '../../kernel/bytes.ts';

/**
 * Session ids that any node can tell to be the cluster's own, without a shared store: seconds (4 octets) | random (4) | HMAC tag (8).
 * They bind nothing: a handshake lives in its connection. The tag only tells a sid that belongs to another connection from an invented one.
 */
export interface SessionIds {
  make(nowSeconds: number): Uint8Array;
  /** Age in seconds of a sid the cluster made; undefined for any other octets. */
  age(sid: Uint8Array, nowSeconds: number): number | undefined;
}

export function sessionIds(clusterKey: Uint8Array): SessionIds {
  const key = createSecretKey(clusterKey);
  const tag = (head: Uint8Array) => createHmac('sha256', key).update(head).digest().subarray(0, 8);
  return {
    make(nowSeconds) {
      const sid = Buffer.alloc(16);
      sid.writeUInt32BE(nowSeconds >>> 0);
      sid.set(randomBytes(4), 4);
      sid.set(tag(sid.subarray(0, 8)), 8);
      return sid;
    },
    age(sid, nowSeconds) {
      if (sid.length !== 16 || !equalBytes(tag(sid.subarray(0, 8)), sid.subarray(8))) return undefined;
      return (nowSeconds >>> 0) - Buffer.from(sid.buffer, sid.byteOffset, 4).readUInt32BE(0);
    },
  };
}
