import { opcode, writeHead } from '../../protocol/tftp/packet.ts';

/** Files up to this many octets are cut into datagrams once for all their readers. */
const largestFramed = 64 * 1024;
/** The block sizes phones use in fact; others are cut for each reader, or strangers could make us keep a copy for each of 1421 sizes. */
const usual: readonly number[] = [512, 1024, 1428];

const framed = new WeakMap<Uint8Array, Map<number, readonly Uint8Array[]>>();

/** The DATA datagrams of a whole file, block 1 first; undefined when they are better cut one by one. */
export function framesOf(content: Uint8Array, blockSize: number): readonly Uint8Array[] | undefined {
  if (content.length > largestFramed || !usual.includes(blockSize)) return undefined;
  let bySize = framed.get(content);
  if (bySize === undefined) {
    bySize = new Map();
    framed.set(content, bySize);
  }
  let frames = bySize.get(blockSize);
  if (frames === undefined) {
    const blocks = Math.floor(content.length / blockSize) + 1;
    frames = Array.from({ length: blocks }, (_, index) => frameBlock(content, index * blockSize, blockSize, index + 1));
    bySize.set(blockSize, frames);
  }
  return frames;
}

/** One DATA datagram: up to `blockSize` octets from `offset`. */
export function frameBlock(bytes: Uint8Array, offset: number, blockSize: number, block: number): Uint8Array {
  const data = bytes.subarray(offset, offset + blockSize);
  const datagram = Buffer.allocUnsafe(4 + data.length);
  writeHead(datagram, opcode.data, block);
  datagram.set(data, 4);
  return datagram;
}
