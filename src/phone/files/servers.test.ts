import { describe, expect, it } from 'vitest';
import { fileServer, hostPort, hostPortText, mergeServers } from './servers.ts';

describe('a TFTP server', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1:69', '192.0.2.1:6970'],
    ['ucm.example.org', 'ucm.example.org:69', 'ucm.example.org:6970'],
    ['192.0.2.1:69', '192.0.2.1:69', '192.0.2.1:6970'],
    ['192.0.2.1:6969', '192.0.2.1:6969', '192.0.2.1:6970'],
    ['udp://127.0.0.1:6969', '127.0.0.1:6969', '127.0.0.1:6970'],
    ['[2001:db8::1]', '[2001:db8::1]:69', '[2001:db8::1]:6970'],
    ['192.0.2.1:21002', '192.0.2.1:21002', undefined],
  ])('%s is asked by HTTP first only beside a standard port', (text, tftp, http) => {
    const server = fileServer(text);
    expect(hostPortText(server.tftp)).toBe(tftp);
    expect(server.http === undefined ? undefined : hostPortText(server.http)).toBe(http);
  });

  it('is asked by HTTP where that is named, whatever the ports', () => {
    expect(fileServer('127.0.0.1:21002', hostPort('127.0.0.1:21003', 6970)).http).toEqual({
      host: '127.0.0.1',
      port: 21003,
    });
  });

  it.each(['', 'a b', 'host:0', 'host:65536', 'host:x', '2001:db8::1', 'host/path'])('%j is refused', (text) => {
    expect(() => fileServer(text)).toThrow(expect.objectContaining({ code: 'usage' }));
  });
});

describe('servers learned beside those set by hand', () => {
  const byHand = [fileServer('127.0.0.1:21002', hostPort('127.0.0.1:21003', 6970))];

  it('follow them and do not replace them', () => {
    const merged = mergeServers(byHand, ['127.0.0.1:21002', '192.0.2.2:69']);
    expect(merged.map(({ tftp }) => hostPortText(tftp))).toEqual(['127.0.0.1:21002', '192.0.2.2:69']);
    expect(merged[0]).toBe(byHand[0]);
  });

  it('are all there is when none was set', () => {
    expect(mergeServers([], ['192.0.2.2']).map(({ tftp }) => hostPortText(tftp))).toEqual(['192.0.2.2:69']);
  });
});
