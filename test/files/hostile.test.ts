import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultSourceLimits } from '../../src/endpoints/tftp/source-limits.ts';
import { decodePacket, encodePacket } from '../../src/protocol/tftp/packet.ts';
import { encodeTvsRequest } from '../../src/protocol/tvs/messages.ts';
import { fileLab, until } from './support/lab.ts';
import { exchange, readOverTftp } from './support/tftp-client.ts';

let lab: Awaited<ReturnType<typeof fileLab>>;
let node: Awaited<ReturnType<typeof lab.startNode>>;
const name = 'SEP001122334455.cnf.xml';
const rrq = (fileName: string, mode = 'octet', options: { name: string; value: string }[] = []) =>
  Buffer.concat([
    Buffer.from([0, 1]),
    ...[fileName, mode, ...options.flatMap((option) => [option.name, option.value])].flatMap((text) => [
      Buffer.from(text, 'latin1'),
      Buffer.of(0),
    ]),
  ]);
/** Octets on the wire: IP and UDP headers belong to the attacker's price and to the victim's bill alike. */
const onTheWire = (datagrams: readonly { length: number }[]) =>
  datagrams.reduce((sum, each) => sum + each.length + 28, 0);

beforeAll(async () => {
  lab = await fileLab();
  node = await lab.startNode('node-a');
  await lab.addPhone({ name: 'SEP001122334455', directoryNumber: '1001' });
});
afterAll(() => lab?.[Symbol.asyncDispose]());

const stillServes = async () => {
  expect((await readOverTftp(node.tftpPort, { fileName: name })).type).toBe('completed');
};

describe('UDP', () => {
  it.each([
    '../../etc/passwd',
    '/etc/passwd',
    '..\\..\\boot.ini',
    'SEP001122334455.cnf.xml/../../etc/passwd',
    '//SEP001122334455.cnf.xml',
    'SEP001122334455.cnf.xml.enc.sgn',
    'sep001122334455.cnf.xml',
    'SEP00112233445G.cnf.xml',
    'BAT001122334455.cnf.xml',
    '%2e%2e/%2e%2e/etc/passwd',
    '.hidden',
    'CON',
    'file:///etc/passwd',
    '',
    ' ',
    'x'.repeat(500),
    'x'.repeat(1400),
    '\u00e9\u00ff\u0001\n',
    '%s%n%x',
    "'; DROP TABLE device; --",
  ])('answers error 1 to the name %j, which is in no table', async (fileName) => {
    const heard = await exchange(node.tftpPort, [rrq(fileName)]);
    expect(heard.map(({ bytes }) => decodePacket(bytes))).toEqual([
      { type: 'error', code: 1, message: 'File not found' },
    ]);
  });

  it('takes what follows a NUL in a name as the mode', async () => {
    const heard = await exchange(node.tftpPort, [rrq('SEP001122334455.cnf.xml\0/../../etc/passwd')]);
    expect(heard.map(({ bytes }) => decodePacket(bytes))).toMatchObject([{ type: 'error', code: 4 }]);
  });

  it.each([
    ['a write request', Buffer.from('\0\x02SEP001122334455.cnf.xml\0octet\0', 'latin1'), 2],
    ['mode mail', rrq(name, 'mail'), 4],
    ['a request without its NULs', Buffer.from(`\0\x01${name}`, 'latin1'), 4],
    [
      'an option bomb',
      rrq(
        name,
        'octet',
        Array.from({ length: 60 }, (_, i) => ({ name: `o${i}`, value: '1' })),
      ),
      4,
    ],
    [
      'a repeated option',
      rrq(name, 'octet', [
        { name: 'blksize', value: '8' },
        { name: 'blksize', value: '9' },
      ]),
      4,
    ],
  ])('refuses %s', async (_, datagram, code) => {
    const heard = await exchange(node.tftpPort, [datagram]);
    expect(heard.map(({ bytes }) => decodePacket(bytes))).toMatchObject([{ type: 'error', code }]);
  });

  it('says nothing to runts, junk, answers and errors', async () => {
    const junk = [
      Buffer.alloc(0),
      Buffer.of(0),
      Buffer.of(0, 4),
      Buffer.of(0, 9, 1, 1),
      Buffer.of(0xff, 0xff, 0xff, 0xff),
      Buffer.of(0, 3, 0, 1, 65),
      Buffer.of(0, 4, 0, 1),
      Buffer.from('\0\x05\0\x01x\0', 'latin1'),
      Buffer.from('\0\x06blksize\x001\0', 'latin1'),
      ...Array.from({ length: 300 }, (_, i) => Buffer.concat([Buffer.of(7), randomBytes(i * 4)])),
    ];
    expect(await exchange(node.tftpPort, junk, { quiet: 300, atLeast: 0 })).toEqual([]);
    await stillServes();
  });

  it.each([
    ['without options', rrq(name)],
    [
      'with all options',
      rrq(name, 'octet', [
        { name: 'blksize', value: '1428' },
        { name: 'windowsize', value: '4' },
        { name: 'tsize', value: '0' },
      ]),
    ],
    ['of the shortest name', rrq('ITLFile.tlv')],
    [
      'with a huge block size and window',
      rrq(name, 'octet', [
        { name: 'blksize', value: '65464' },
        { name: 'windowsize', value: '65535' },
      ]),
    ],
  ])('sends at most 13 times a request %s that is never acknowledged', async (_, datagram) => {
    // Silence longer than the first retransmissions, so that they would be seen.
    const heard = await exchange(node.tftpPort, [datagram], { quiet: 2500 });
    expect(heard.length).toBeGreaterThan(0);
    expect(onTheWire(heard.map(({ bytes }) => bytes))).toBeLessThanOrEqual(13 * onTheWire([datagram]));
    const data = heard.filter(({ bytes }) => bytes[1] === 3);
    expect(data.length).toBeLessThanOrEqual(1);
  });

  it('sends at most 13 times the requests, however often one is repeated', async () => {
    const datagrams = Array.from({ length: 50 }, () => rrq(name));
    const heard = await exchange(node.tftpPort, datagrams, { quiet: 1500 });
    // Told from the octets of TFTP alone, headers left out.
    const sum = (all: readonly Uint8Array[]) => all.reduce((length, { byteLength }) => length + byteLength, 0);
    expect(sum(heard.map(({ bytes }) => bytes))).toBeLessThanOrEqual(13 * sum(datagrams));
    expect(heard.length).toBeLessThanOrEqual(5);
    // One transfer, not fifty.
    expect(new Set(heard.map(({ port }) => port)).size).toBe(1);
  });

  it('answers a stranger on a transfer’s port with error 5, and the transfer goes on', async () => {
    const [oack] = await exchange(node.tftpPort, [rrq(name, 'octet', [{ name: 'blksize', value: '1428' }])]);
    const heard = await exchange(
      oack!.port,
      [Buffer.of(0, 4, 0, 1), Buffer.of(0, 3, 0, 1), Buffer.from('\0\x05\0\x05x\0', 'latin1')],
      { atLeast: 2 },
    );
    expect(heard.map(({ bytes }) => decodePacket(bytes))).toEqual([
      { type: 'error', code: 5, message: 'Unknown transfer ID' },
      { type: 'error', code: 5, message: 'Unknown transfer ID' },
    ]);
    await stillServes();
  });

  it('keeps bounds on what one source has not acknowledged and on what it makes us look up', async () => {
    await using small = await fileLab();
    const tight = await small.startNode('node-a', {
      sourceLimits: { ...defaultSourceLimits, unproven: 3, open: 10, lookupsPerSecond: 0, lookupBurst: 5 },
    });
    const outcomesOf = async (fileName: (i: number) => string, count: number) => {
      tight.fetches.length = 0;
      await Promise.all(
        Array.from({ length: count }, (_, i) => exchange(tight.tftpPort, [rrq(fileName(i))], { atLeast: 0 })),
      );
      await until(
        async () => tight.fetches.length,
        (length) => length === count,
      );
      return (outcome: string) => tight.fetches.filter((fetch) => fetch.outcome === outcome).length;
    };
    const lookups = await outcomesOf((i) => `SEP0000000000${10 + i}.cnf.xml`, 20);
    expect([lookups('not-found'), lookups('refused')]).toEqual([5, 15]);
    // In memory already, so that it costs no look-up.
    await tight.get('XMLDefault.cnf.xml');
    const transfers = await outcomesOf(() => 'XMLDefault.cnf.xml', 8);
    expect([transfers('served'), transfers('refused')]).toEqual([3, 5]);
  });

  it('lends a source only so much for first blocks above 13 times a short request, and gets it back by an ACK', async () => {
    await using small = await fileLab();
    const file = 'ITLFile.tlv';
    const short = rrq(file);
    const oneDebt = 516 - 13 * short.length;
    expect(oneDebt).toBeGreaterThan(0);
    const tight = await small.startNode('node-a', {
      sourceLimits: { ...defaultSourceLimits, credit: 2 * oneDebt, creditPerSecond: 0 },
    });
    // A client that acknowledges is served as often as it likes.
    for (let i = 0; i < 5; i++) {
      const read = await readOverTftp(tight.tftpPort, { fileName: file });
      expect(read).toMatchObject({ type: 'completed' });
    }
    tight.fetches.length = 0;
    await Promise.all(Array.from({ length: 10 }, () => exchange(tight.tftpPort, [short], { atLeast: 0 })));
    await until(
      async () => tight.fetches.length,
      (length) => length === 10,
    );
    expect(tight.fetches.filter(({ outcome }) => outcome === 'served').length).toBe(2);
  });
});

function tcp(port: number, bytes: Uint8Array | string, tls = false): Promise<string> {
  return new Promise((resolve) => {
    const socket = tls
      ? connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false })
      : connect(port, '127.0.0.1');
    let text = '';
    socket.on('data', (data) => {
      text += data.toString('latin1');
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(text));
    socket.once(tls ? 'secureConnect' : 'connect', () => socket.end(bytes));
  });
}

describe('HTTP', () => {
  it.each([
    ['traversal', 'GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 404],
    ['encoded traversal', 'GET /..%2f..%2fetc%2fpasswd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 404],
    ['a broken escape', 'GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 404],
    ['a NUL', 'GET /a%00b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 404],
    ['an absolute address', `GET http://other/${name} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`, 404],
    ['a huge name', `GET /${'x'.repeat(4000)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`, 404],
    ['headers above 8 KiB', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(9000)}\r\n\r\n`, 400],
    ['PUT', `PUT /${name} HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx`, 405],
    ['DELETE', `DELETE /${name} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`, 405],
    ['junk', '\0\x01\x02\x03\r\n\r\n', 400],
  ])('answers %s', async (_, text, status) => {
    expect((await tcp(node.httpPort, text)).slice(0, 12)).toBe(`HTTP/1.1 ${status}`);
    await stillServes();
  });

  it('survives a thousand connections of junk on each TCP port', async () => {
    for (let round = 0; round < 10; round++) {
      await Promise.all(
        [node.httpPort, node.httpsPort, node.tvsPort].flatMap((port) =>
          Array.from({ length: 33 }, (_, i) => tcp(port, randomBytes(1 + i * 40))),
        ),
      );
    }
    expect(await node.get(name)).toBeInstanceOf(Uint8Array);
  });
});

describe('TVS', () => {
  const request = () =>
    encodeTvsRequest({
      type: 'verify',
      sessionId: 7,
      deviceName: 'CP-8845-SEP001122334455',
      certificate: randomBytes(900),
    });
  const changed = (change: (bytes: Uint8Array) => void) => {
    const bytes = request();
    change(bytes);
    return bytes;
  };
  it.each([
    ['another protocol', changed((bytes) => bytes.fill(0x47, 0, 1))],
    ['another version', changed((bytes) => bytes.fill(9, 1, 2))],
    ['an unknown command', changed((bytes) => bytes.fill(77, 2, 3))],
    ['a body longer than any', changed((bytes) => bytes.fill(0xff, 8, 10))],
    ['an element longer than the message', changed((bytes) => bytes.fill(0xff, 11, 13))],
    ['a runt', request().subarray(0, 7)],
    ['half a request', request().subarray(0, 100)],
  ])('closes without a word on %s', async (_, bytes) => {
    expect(await tcp(node.tvsPort, bytes, true)).toBe('');
    expect((await tcp(node.tvsPort, request(), true)).length).toBeGreaterThan(10);
  });
});

describe('the transfer id of a running transfer', () => {
  it('is not disturbed by another client’s ACKs', async () => {
    const reading = readOverTftp(node.tftpPort, { fileName: name, blockSize: 16 });
    const noise = exchange(
      node.tftpPort,
      Array.from({ length: 50 }, (_, i) => encodePacket({ type: 'ack', block: i })),
      { atLeast: 0 },
    );
    expect((await reading).type).toBe('completed');
    await noise;
  });
});
