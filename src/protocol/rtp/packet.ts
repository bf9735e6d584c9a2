import { MalformedError } from '../../kernel/errors.ts';

/** One RTP packet without contributing sources, extension and padding (RFC 3550 §5.1). */
export interface RtpPacket {
  /** 0–127. */
  readonly payloadType: number;
  readonly marker: boolean;
  /** 16 bit. */
  readonly sequence: number;
  /** 32 bit, in the codec's clock. */
  readonly timestamp: number;
  /** 32 bit. */
  readonly ssrc: number;
  readonly payload: Uint8Array;
}

const headerLength = 12;

export function writeRtp(packet: RtpPacket): Uint8Array {
  const bytes = new Uint8Array(headerLength + packet.payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 0x80);
  view.setUint8(1, (packet.marker ? 0x80 : 0) | (packet.payloadType & 0x7f));
  view.setUint16(2, packet.sequence & 0xffff);
  view.setUint32(4, packet.timestamp >>> 0);
  view.setUint32(8, packet.ssrc >>> 0);
  bytes.set(packet.payload, headerLength);
  return bytes;
}

/** Contributing sources, extension and padding are skipped. @throws MalformedError */
export function readRtp(bytes: Uint8Array): RtpPacket {
  if (bytes.length < headerLength) throw new MalformedError('shorter than an RTP header');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const first = view.getUint8(0);
  if (first >> 6 !== 2) throw new MalformedError('not RTP version 2', 0);
  let start = headerLength + (first & 0x0f) * 4;
  if ((first & 0x10) !== 0) {
    if (bytes.length < start + 4) throw new MalformedError('the extension is cut off', start);
    start += 4 + view.getUint16(start + 2) * 4;
  }
  let end = bytes.length;
  if ((first & 0x20) !== 0) {
    const padding = bytes[bytes.length - 1]!;
    if (padding === 0) throw new MalformedError('padding of no octets', bytes.length - 1);
    end -= padding;
  }
  if (start > end) throw new MalformedError('the header is longer than the packet', start);
  const second = view.getUint8(1);
  return {
    payloadType: second & 0x7f,
    marker: (second & 0x80) !== 0,
    sequence: view.getUint16(2),
    timestamp: view.getUint32(4),
    ssrc: view.getUint32(8),
    payload: bytes.subarray(start, end),
  };
}
