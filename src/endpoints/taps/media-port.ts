import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { equalBytes } from '../../kernel/bytes.ts';
import type { Random } from '../../kernel/random.ts';
import type { DtmfDigit } from '../../protocol/dtmf/digit.ts';
import { type EventHearing, hear, heardNothing, readTelephoneEvent } from '../../protocol/dtmf/telephone-event.ts';
import { fromUlaw, silence } from '../../protocol/rtp/g711.ts';
import { readRtp, writeRtp } from '../../protocol/rtp/packet.ts';
import { masterLength, SrtpReceiver, SrtpSender } from '../../protocol/rtp/srtp.ts';
import type { ChosenAudio } from '../../protocol/sdp/audio.ts';
import type { CryptoOffer } from '../../protocol/sdp/crypto.ts';
import { plainAddress, reachable } from '../sip/flow.ts';
import { srtpCrypto } from './srtp-crypto.ts';

const packetMs = 20;
const octetsPerPacket = 160;
/** Packets sent in one go after the process was held up; what is older is left out. */
const mostAtOnce = 10;
const triesForPort = 40;

export interface MediaOptions {
  /** Address to bind. */
  readonly bind: string;
  readonly firstPort: number;
  readonly lastPort: number;
  readonly random: Random;
  readonly onDigit: (digit: DtmfDigit) => void;
  /** Everything asked to be said was said. */
  readonly onSpoken: () => void;
}

/** Undefined: no port of the range is free. */
export async function openMedia(options: MediaOptions): Promise<MediaPort | undefined> {
  const { bind, firstPort, lastPort, random } = options;
  // RTP takes even ports; the odd ones above are RTCP's (RFC 3550 §11).
  const first = firstPort + (firstPort % 2);
  const count = Math.floor((lastPort - first) / 2) + 1;
  if (count < 1) return undefined;
  const start = random.below(count);
  for (let i = 0; i < Math.min(count, triesForPort); i++) {
    const port = first + 2 * ((start + i) % count);
    const socket = createSocket(isIPv6(bind) ? 'udp6' : 'udp4');
    const bound = await new Promise<boolean>((resolve) => {
      socket.on('error', () => resolve(false));
      socket.bind(port, bind, () => resolve(true));
    });
    if (bound) return new MediaPort(socket, port, options);
    socket.close();
  }
  return undefined;
}

/** One RTP stream: prompts out, keys in. What comes in besides keys is thrown away. */
export class MediaPort {
  readonly port: number;
  /** Our key for secure calls: octets of master key and salt. */
  readonly master: Uint8Array;
  readonly #socket: Socket;
  readonly #options: MediaOptions;
  #audio: ChosenAudio | undefined;
  #protect: SrtpSender | undefined;
  #open: SrtpReceiver | undefined;
  /** Where the phone signals from: the one address that may be sent to unasked. */
  #signalling = '';
  #heardFrom = new Set<string>();
  #hearing: EventHearing = heardNothing;
  #queue: Uint8Array[] = [];
  #at = 0;
  #timer: NodeJS.Timeout | undefined;
  #startedAt = 0;
  #ticks = 0;
  #sequence: number;
  #timestamp: number;
  readonly #ssrc: number;

  constructor(socket: Socket, port: number, options: MediaOptions) {
    this.port = port;
    this.#socket = socket;
    this.#options = options;
    this.master = options.random.bytes(masterLength);
    this.#sequence = options.random.below(0x8000);
    this.#timestamp = options.random.below(0x8000_0000);
    this.#ssrc = options.random.below(0xffff_ffff);
    socket.removeAllListeners('error');
    // "Port unreachable" of the other side: the call's own end comes by SIP.
    socket.on('error', () => {});
    socket.on('message', (bytes, from) => this.#receive(bytes, plainAddress(from.address)));
  }

  /** Begins sending to the other side, or moves over to where it is now. */
  aim(audio: ChosenAudio, signalling: string): void {
    this.#secure(this.#audio?.crypto, audio.crypto);
    this.#audio = audio;
    this.#signalling = signalling;
    if (this.#timer !== undefined) return;
    this.#startedAt = performance.now();
    this.#timer = setInterval(() => this.#pace(), packetMs);
  }

  /** Our own key and its packet count stay the same for the whole call; theirs may be a new one. */
  #secure(before: CryptoOffer | undefined, now: CryptoOffer | undefined): void {
    if (now === undefined) {
      this.#protect = undefined;
      this.#open = undefined;
      return;
    }
    if (before?.suite !== now.suite || this.#protect === undefined)
      this.#protect = new SrtpSender(srtpCrypto, now.suite, this.master);
    if (before?.suite !== now.suite || !equalBytes(before.master, now.master))
      this.#open = new SrtpReceiver(srtpCrypto, now.suite, now.master);
  }

  /** After what is being said. μ-law, 8,000 octets a second. */
  say(prompts: readonly Uint8Array[]): void {
    this.#queue.push(...prompts);
  }

  hush(): void {
    this.#queue = [];
    this.#at = 0;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#queue = [];
    this.#socket.close();
  }

  #pace(): void {
    const due = Math.floor((performance.now() - this.#startedAt) / packetMs);
    const late = due - this.#ticks - mostAtOnce;
    if (late > 0) {
      this.#ticks += late;
      this.#timestamp = (this.#timestamp + late * octetsPerPacket) >>> 0;
    }
    while (this.#ticks < due && this.#timer !== undefined) {
      this.#ticks++;
      this.#send();
    }
  }

  #send(): void {
    const audio = this.#audio!;
    const speaking = this.#queue.length > 0;
    const payload = speaking
      ? fromUlaw(this.#next(), audio.codec)
      : new Uint8Array(octetsPerPacket).fill(silence[audio.codec]);
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#timestamp = (this.#timestamp + octetsPerPacket) >>> 0;
    if (audio.receives && this.#mayReach(audio.address)) {
      const packet = writeRtp({
        payloadType: audio.payloadType,
        marker: this.#ticks === 1,
        sequence: this.#sequence,
        timestamp: this.#timestamp,
        ssrc: this.#ssrc,
        payload,
      });
      this.#socket.send(
        this.#protect?.protect(packet) ?? packet,
        audio.port,
        reachable(audio.address, this.#options.bind),
      );
    }
    if (speaking && this.#queue.length === 0) this.#options.onSpoken();
  }

  /** The next packet's worth of μ-law; the last of a prompt is filled up with silence. */
  #next(): Uint8Array {
    const out = new Uint8Array(octetsPerPacket).fill(silence.PCMU);
    const prompt = this.#queue[0]!;
    out.set(prompt.subarray(this.#at, this.#at + octetsPerPacket));
    this.#at += octetsPerPacket;
    if (this.#at >= prompt.length) {
      this.#queue.shift();
      this.#at = 0;
    }
    return out;
  }

  /** An offer could name anybody's address: others than the phone's own are sent to once something came from there. */
  #mayReach(address: string): boolean {
    return address === this.#signalling || this.#heardFrom.has(address);
  }

  #receive(bytes: Uint8Array, from: string): void {
    const audio = this.#audio;
    if (audio === undefined || (from !== audio.address && from !== this.#signalling)) return;
    try {
      const packet = readRtp(this.#open?.unprotect(bytes) ?? bytes);
      if (from === audio.address) this.#heardFrom.add(from);
      if (packet.payloadType !== audio.telephoneEvent) return;
      const heard = hear(this.#hearing, packet.timestamp, readTelephoneEvent(packet.payload));
      this.#hearing = heard.state;
      if (heard.digit !== undefined) this.#options.onDigit(heard.digit);
    } catch {
      // Junk on a media port is dropped.
    }
  }
}
