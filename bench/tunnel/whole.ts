import { edgeBench, startBody, TestPhone } from '../../test/edge/support/edge-bench.ts';

const phones = 32;

/** Requests of phones from their TLS connection to the node and back, everything in this process. A sentence. */
export async function measureWhole(requests: number): Promise<string> {
  await using bench = await edgeBench({ e: { limits: { requestsPerSource: { burst: 1e9, perSecond: 1e9 } } } });
  const macs = Array.from({ length: phones }, (_, at) => `0011223344${at.toString(16).padStart(2, '0').toUpperCase()}`);
  const all = await Promise.all(macs.map(async (mac) => new TestPhone(bench.e, bench.ca, await bench.mic(mac))));
  const run = async (count: number) => {
    let left = count;
    const since = performance.now();
    await Promise.all(
      all.map(async (phone, at) => {
        while (left-- > 0) {
          const { status } = await phone.ask('POST', '/das/v1/activation/start', { body: startBody(macs[at]!) });
          if (status !== 200) throw new Error(`status ${status}`);
        }
      }),
    );
    return count / ((performance.now() - since) / 1000);
  };
  await run(phones * 10);
  const rate = await run(requests);
  for (const phone of all) phone[Symbol.dispose]();
  return `a phone's request through E, tunnel and C to a node and back, all of it and ${phones} phones in one process: ${Math.round(rate).toLocaleString('en')}/s`;
}
