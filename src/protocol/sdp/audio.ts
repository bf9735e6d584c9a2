import { MalformedError } from '../../kernel/errors.ts';
import type { G711 } from '../rtp/g711.ts';
import { type CryptoOffer, chooseCrypto, cryptoAttribute } from './crypto.ts';

/** Offer and answer of one audio stream (RFC 4566, RFC 3264), as far as a prompt needs them. */

export interface MediaOffer {
  readonly kind: string;
  readonly port: number;
  /** `RTP/AVP`. */
  readonly protocol: string;
  readonly formats: readonly string[];
  /** Connection address that holds for this stream; undefined: none was given. */
  readonly address: string | undefined;
  /** `rtpmap:0 PCMU/8000`. */
  readonly attributes: readonly string[];
}

export interface SessionOffer {
  readonly media: readonly MediaOffer[];
}

/** The stream that both sides can. */
export interface ChosenAudio {
  /** Which of the offer's streams. */
  readonly index: number;
  readonly codec: G711;
  readonly payloadType: number;
  /** Payload type of RFC 4733 events; undefined: the other side does not send them. */
  readonly telephoneEvent: number | undefined;
  readonly address: string;
  readonly port: number;
  /** The other side wants to hear us. */
  readonly receives: boolean;
  /** Secure RTP, with the other side's key; undefined: plain. */
  readonly crypto: CryptoOffer | undefined;
}

const longestSession = 16_384;

/** @throws MalformedError */
export function readSession(text: string): SessionOffer {
  if (text.length > longestSession) throw new MalformedError('the session description is too long');
  const media: { -readonly [K in keyof MediaOffer]: MediaOffer[K] }[] = [];
  let sessionAddress: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (line === '') continue;
    if (!/^[a-z]=/.test(line)) throw new MalformedError('a line of the session description has no type');
    const value = line.slice(2);
    const current = media.at(-1);
    switch (line[0]) {
      case 'c': {
        const address = /^IN IP[46] (\S+)$/.exec(value)?.[1]?.split('/', 1)[0];
        if (address === undefined) throw new MalformedError('a connection line cannot be read');
        if (current === undefined) sessionAddress = address;
        else current.address = address;
        break;
      }
      case 'm': {
        const match = /^([a-z]+) ([0-9]{1,5})(?:\/[0-9]+)? (\S+)((?: \S+)*)$/.exec(value);
        if (match === null || Number(match[2]) > 65_535) throw new MalformedError('a media line cannot be read');
        media.push({
          kind: match[1]!,
          port: Number(match[2]),
          protocol: match[3]!,
          formats: match[4]!.split(' ').filter((each) => each !== ''),
          address: undefined,
          attributes: [],
        });
        break;
      }
      case 'a':
        if (current !== undefined) current.attributes = [...current.attributes, value];
        break;
    }
  }
  return { media: media.map((each) => ({ ...each, address: each.address ?? sessionAddress })) };
}

const staticTypes: Readonly<Record<string, string>> = { '0': 'PCMU/8000', '8': 'PCMA/8000' };

/** The first audio stream with G.711, plain or with keys we can use, in the order the other side prefers. Undefined: there is none. */
export function chooseAudio({ media }: SessionOffer): ChosenAudio | undefined {
  for (const [index, stream] of media.entries()) {
    if (stream.kind !== 'audio' || stream.port === 0 || stream.address === undefined) continue;
    const crypto = stream.protocol === 'RTP/SAVP' ? chooseCrypto(stream.attributes) : undefined;
    if (stream.protocol !== 'RTP/AVP' && crypto === undefined) continue;
    const encodings = stream.formats.map((format) => ({ format, encoding: encodingOf(stream, format) }));
    const found = encodings.find(({ encoding }) => encoding === 'PCMU/8000' || encoding === 'PCMA/8000');
    if (found === undefined) continue;
    const events = encodings.find(({ encoding }) => encoding === 'TELEPHONE-EVENT/8000');
    return {
      index,
      codec: found.encoding === 'PCMU/8000' ? 'PCMU' : 'PCMA',
      payloadType: Number(found.format),
      telephoneEvent: events === undefined ? undefined : Number(events.format),
      address: stream.address,
      port: stream.port,
      receives: !stream.attributes.some((each) => each === 'sendonly' || each === 'inactive'),
      crypto,
    };
  }
  return undefined;
}

/** `PCMU/8000`, upper case, one channel. */
function encodingOf(stream: MediaOffer, format: string): string | undefined {
  const map = stream.attributes
    .map((each) => /^rtpmap:([0-9]{1,3}) ([A-Za-z0-9-]+\/[0-9]+)(?:\/1)?$/.exec(each))
    .find((match) => match?.[1] === format);
  return (map?.[2] ?? staticTypes[format])?.toUpperCase();
}

export interface AnswerParts {
  readonly offer: SessionOffer;
  readonly chosen: ChosenAudio;
  /** Ours. */
  readonly address: string;
  readonly port: number;
  /** Our master key and salt; used when the chosen stream is secure. */
  readonly master: Uint8Array;
  /** Decimal digits, the same for the whole call. */
  readonly sessionId: string;
  readonly sessionVersion: number;
}

/** The answer to an offer: the chosen stream, the others refused (RFC 3264 §6). */
export function writeAnswer({ offer, chosen, address, port, master, sessionId, sessionVersion }: AnswerParts): string {
  const family = address.includes(':') ? 'IP6' : 'IP4';
  const lines = [
    'v=0',
    `o=- ${sessionId} ${sessionVersion} IN ${family} ${address}`,
    's=TAPS',
    `c=IN ${family} ${address}`,
    't=0 0',
  ];
  for (const [index, stream] of offer.media.entries()) {
    if (index !== chosen.index) {
      lines.push(`m=${stream.kind} 0 ${stream.protocol} ${stream.formats[0] ?? '0'}`);
      continue;
    }
    const events = chosen.telephoneEvent;
    lines.push(
      `m=audio ${port} ${stream.protocol} ${chosen.payloadType}${events === undefined ? '' : ` ${events}`}`,
      `a=rtpmap:${chosen.payloadType} ${chosen.codec}/8000`,
      ...(events === undefined ? [] : [`a=rtpmap:${events} telephone-event/8000`, `a=fmtp:${events} 0-15`]),
      ...(chosen.crypto === undefined ? [] : [`a=${cryptoAttribute({ ...chosen.crypto, master })}`]),
      'a=ptime:20',
      chosen.receives ? 'a=sendrecv' : 'a=recvonly',
    );
  }
  return `${lines.join('\r\n')}\r\n`;
}
