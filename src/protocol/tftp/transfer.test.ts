import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ClientTransferEffect, startRead, stepClientTransfer } from './client-transfer.ts';
import { fromNetascii, toNetascii } from './netascii.ts';
import { acceptAnswer, negotiate } from './options.ts';
import { decodePacket, encodePacket, type TftpRequest } from './packet.ts';
import {
  blockRange,
  owed,
  type ServerTransfer,
  type ServerTransferEffect,
  startServerTransfer,
  stepServerTransfer,
} from './server-transfer.ts';

const peerPort = 40000;

function render(
  content: Uint8Array,
  transfer: ServerTransfer,
  effect: ServerTransferEffect | undefined,
  answer: Uint8Array,
): Uint8Array[] {
  if (effect === undefined) return [];
  if (effect.type === 'options') return [answer];
  const out: Uint8Array[] = [];
  for (let block = effect.from; block <= effect.to; block++) {
    const { offset, length } = blockRange(transfer, block);
    out.push(encodePacket({ type: 'data', block: block & 0xffff, data: content.subarray(offset, offset + length) }));
  }
  return out;
}

/** Carries a read over a line that loses what `loses` says, until both sides stop. */
function carry(
  content: Uint8Array,
  read: { blockSize?: number; windowSize?: number; askSize?: boolean },
  loses: (nth: number) => boolean = () => false,
) {
  let count = 0;
  let client = startRead({ fileName: 'x', maxSize: 1 << 24, ...read });
  const request = decodePacket(client.effects[0]!.bytes) as TftpRequest;
  const { parameters, answer } = negotiate(request.options, content.length, { maxBlockSize: 1428, maxWindowSize: 4 });
  const oack = answer.length > 0 ? encodePacket({ type: 'oack', options: answer }) : new Uint8Array(0);
  let server = startServerTransfer({
    size: content.length,
    parameters,
    requestLength: client.effects[0]!.bytes.length,
    answerLength: oack.length,
  });
  let toClient = render(content, server.transfer, server.effect, oack).filter(() => !loses(count++));
  for (let rounds = 0; client.transfer.outcome === undefined && rounds < 200_000; rounds++) {
    let toServer: ClientTransferEffect[] = [];
    const idle = toClient.length === 0;
    if (idle) {
      client = stepClientTransfer(client.transfer, { type: 'timeout' });
      toServer = [...client.effects];
    }
    for (const bytes of toClient) {
      client = stepClientTransfer(client.transfer, { type: 'datagram', bytes, port: peerPort });
      toServer.push(...client.effects);
    }
    toClient = [];
    for (const { bytes, port } of toServer) {
      if (loses(count++)) continue;
      if (port === undefined) {
        // A repeated request: the server answers it afresh.
        server = startServerTransfer({
          size: content.length,
          parameters,
          requestLength: bytes.length,
          answerLength: oack.length,
        });
      } else {
        const packet = decodePacket(bytes);
        if (packet.type !== 'ack') continue;
        server = stepServerTransfer(server.transfer, { type: 'ack', block: packet.block });
      }
      toClient.push(...render(content, server.transfer, server.effect, oack).filter(() => !loses(count++)));
    }
    if (idle && toClient.length === 0) {
      server = stepServerTransfer(server.transfer, { type: 'timeout' });
      toClient = render(content, server.transfer, server.effect, oack).filter(() => !loses(count++));
    }
  }
  return { client: client.transfer, server: server.transfer };
}

const pattern = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) & 0xff);

describe('a TFTP transfer', () => {
  it('carries any size, block size and window unchanged', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 9000 }),
        fc.option(fc.integer({ min: 8, max: 2000 }), { nil: undefined }),
        fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
        fc.boolean(),
        (size, blockSize, windowSize, askSize) => {
          const content = pattern(size);
          const { client, server } = carry(content, {
            ...(blockSize === undefined ? {} : { blockSize }),
            ...(windowSize === undefined ? {} : { windowSize }),
            askSize,
          });
          expect(client.outcome).toEqual({ type: 'completed', bytes: content });
          expect(server.ended).toBe('completed');
        },
      ),
    );
  });

  it('survives losses on the way', () => {
    fc.assert(
      fc.property(
        fc.infiniteStream(fc.integer({ min: 0, max: 9 })),
        fc.integer({ min: 1, max: 4 }),
        (line, windowSize) => {
          const content = pattern(5000);
          let inRow = 0;
          const loses = () => {
            const lost = line.next().value === 0 && inRow < 2;
            inRow = lost ? inRow + 1 : 0;
            return lost;
          };
          const { client } = carry(content, { blockSize: 512, windowSize }, loses);
          expect(client.outcome).toEqual({ type: 'completed', bytes: content });
        },
      ),
    );
  });

  it('rolls the block number over after 65535', () => {
    const content = pattern(8 * 65_540 + 3);
    const { client } = carry(content, { blockSize: 8, windowSize: 4 });
    expect(client.outcome?.type).toBe('completed');
    expect(client.received).toBe(65_541);
    expect(client.outcome?.type === 'completed' && Buffer.compare(client.outcome.bytes, content)).toBe(0);
  });
});

describe('the server', () => {
  const plain = (requestLength: number, size = 8192) => startServerTransfer({ size, requestLength, answerLength: 0 });

  it('sends block 1 once to an address that has not answered', () => {
    let step = plain(33);
    expect(step.effect).toEqual({ type: 'blocks', from: 1, to: 1 });
    for (let i = 0; i < 10; i++) {
      step = stepServerTransfer(step.transfer, { type: 'timeout' });
      expect(step.effect).toBeUndefined();
    }
    expect(step.transfer.ended).toBe('abandoned');
  });

  it('keeps repeated options packets inside 13 times the request', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 20, max: 512 }),
        fc.integer({ min: 10, max: 80 }),
        (requestLength, answerLength) => {
          let step = startServerTransfer({ size: 8192, requestLength, answerLength });
          let sent = 0;
          for (let i = 0; i < 20; i++) {
            if (step.effect?.type === 'options') sent += answerLength;
            step = stepServerTransfer(step.transfer, { type: 'timeout' });
          }
          expect(sent).toBeLessThanOrEqual(13 * requestLength);
        },
      ),
    );
  });

  it.each([0, 60])(
    'keeps repeated requests inside 13 times all of them, and stops answering (OACK of %i)',
    (answerLength) => {
      fc.assert(
        fc.property(fc.integer({ min: 17, max: 512 }), fc.integer({ min: 1, max: 3000 }), (requestLength, times) => {
          let step = startServerTransfer({ size: 8192, requestLength, answerLength });
          const first = answerLength || 516;
          const lent = owed(step.transfer);
          expect(lent).toBe(Math.max(0, first - 13 * requestLength));
          let sent = first;
          for (let i = 0; i < times; i++) {
            step = stepServerTransfer(step.transfer, { type: 'request', octets: requestLength });
            if (step.effect !== undefined) sent += first;
          }
          expect(sent).toBeLessThanOrEqual(13 * requestLength * (1 + times) + lent);
          expect(sent).toBeLessThanOrEqual(5 * first);
        }),
      );
    },
  );

  it('repeats the window after silence once the client has shown itself, and gives up in the end', () => {
    let step = stepServerTransfer(plain(33).transfer, { type: 'ack', block: 1 });
    expect(step.effect).toEqual({ type: 'blocks', from: 2, to: 2 });
    let repeats = 0;
    for (let i = 0; i < 10; i++) {
      step = stepServerTransfer(step.transfer, { type: 'timeout' });
      if (step.effect !== undefined) repeats++;
    }
    expect(repeats).toBe(5);
    expect(step.transfer.ended).toBe('abandoned');
  });

  it.each([
    ['a duplicate ACK (the Sorcerer’s Apprentice)', 1],
    ['an ACK of a block not yet sent', 7],
    ['an ACK from long ago', 65_000],
  ])('sends nothing for %s', (_, block) => {
    const first = stepServerTransfer(plain(33).transfer, { type: 'ack', block: 1 });
    expect(stepServerTransfer(first.transfer, { type: 'ack', block })).toEqual({
      transfer: first.transfer,
      effect: undefined,
    });
  });

  it('ends an exact multiple of the block size with an empty block', () => {
    const step = stepServerTransfer(plain(33, 512).transfer, { type: 'ack', block: 1 });
    expect(blockRange(step.transfer, 2)).toEqual({ offset: 512, length: 0 });
  });
});

describe('the client', () => {
  it('answers a stranger with error 5 and goes on', () => {
    const start = startRead({ fileName: 'x' });
    const full = new Uint8Array(512);
    const first = stepClientTransfer(start.transfer, {
      type: 'datagram',
      bytes: encodePacket({ type: 'data', block: 1, data: full }),
      port: 1000,
    });
    const strange = stepClientTransfer(first.transfer, {
      type: 'datagram',
      bytes: encodePacket({ type: 'data', block: 2, data: full }),
      port: 1001,
    });
    expect(strange.transfer).toBe(first.transfer);
    expect(strange.effects.map(({ bytes, port }) => [decodePacket(bytes), port])).toEqual([
      [{ type: 'error', code: 5, message: 'Unknown transfer ID' }, 1001],
    ]);
  });

  it('tells the server’s refusal from silence', () => {
    const start = startRead({ fileName: 'x' });
    const refused = stepClientTransfer(start.transfer, {
      type: 'datagram',
      bytes: encodePacket({ type: 'error', code: 1, message: 'File not found' }),
      port: 1000,
    });
    expect(refused.transfer.outcome).toEqual({ type: 'refused', code: 1, message: 'File not found' });
    let silent = start;
    for (let i = 0; i < 10; i++) silent = stepClientTransfer(silent.transfer, { type: 'timeout' });
    expect(silent.transfer.outcome).toEqual({ type: 'silent' });
  });

  it('stops a file above its limit', () => {
    const start = startRead({ fileName: 'x', maxSize: 100 });
    const step = stepClientTransfer(start.transfer, {
      type: 'datagram',
      bytes: encodePacket({ type: 'data', block: 1, data: new Uint8Array(200) }),
      port: 1000,
    });
    expect(step.transfer.outcome).toEqual({ type: 'too_large' });
  });

  it('refuses options it did not ask for, and larger ones', () => {
    expect(() => acceptAnswer([], [{ name: 'blksize', value: '512' }])).toThrow();
    expect(() => acceptAnswer([{ name: 'blksize', value: '512' }], [{ name: 'blksize', value: '1428' }])).toThrow();
  });
});

describe('option negotiation (RFC 2347-2349, 7440)', () => {
  it.each([
    ['blksize', '1428', '1428'],
    ['blksize', '65464', '1428'],
    ['blksize', '7', undefined],
    ['blksize', '65465', undefined],
    ['windowsize', '64', '4'],
    ['windowsize', '0', undefined],
    ['timeout', '3', '3'],
    ['timeout', '256', undefined],
    ['tsize', '0', '99'],
    ['tsize', '5', undefined],
    ['blksize', '1e3', undefined],
    ['multicast', '', undefined],
  ])('%s=%s is answered with %s', (name, value, answer) => {
    const { answer: answered } = negotiate([{ name, value }], 99);
    expect(answered).toEqual(answer === undefined ? [] : [{ name, value: answer }]);
  });
});

describe('netascii', () => {
  it('comes back as it went', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(fromNetascii(toNetascii(bytes))).toEqual(bytes);
      }),
    );
  });
});
