import { describe, expect, it, vi } from 'vitest';
import { realClient } from '../support/real-clients.ts';
import { Baresip } from './support/baresip.ts';
import { device, testSip } from './support/fakes.ts';

const baresip = realClient('baresip');
const one = device('SEP001122334401', ['1001']);
const two = device('SEP001122334402', ['1002']);

describe.skipIf(baresip === undefined)('baresip', () => {
  it.each(['udp', 'tcp'] as const)(
    'registers by digest and calls another over %s: rings, is answered, hangs up',
    async (transport) => {
      await using sip = await testSip([one, two]);
      const port = sip.server.ports[transport]!;
      const common = { baresip: baresip!, password: 'secret', port, transport };
      await using caller = await Baresip.start({ ...common, number: '1001', username: one.name });
      await using callee = await Baresip.start({ ...common, number: '1002', username: two.name, answers: true });
      await caller.hears(/useragents? registered successfully|200 OK/);
      await callee.hears(/useragents? registered successfully|200 OK/);
      await vi.waitFor(() => expect(sip.server.registrations()).toHaveLength(2), { timeout: 20_000 });

      caller.tell('/dial 1002');
      await caller.hears(/Call established/);
      await callee.hears(/Call established/);
      caller.tell('/hangup');
      await callee.hears(/session closed|terminated|Call with .* terminated/);
      expect(sip.complaints).toEqual([]);
    },
  );
});
