import { createCipheriv, createHmac } from 'node:crypto';
import type { SrtpCrypto } from '../../protocol/rtp/srtp.ts';

export const srtpCrypto: SrtpCrypto = {
  aesCtr: (key, counter, data) => createCipheriv('aes-128-ctr', key, counter).update(data),
  hmacSha1: (key, data) => createHmac('sha1', key).update(data).digest(),
};
