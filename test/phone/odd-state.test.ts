import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../src/kernel/bytes.ts';
import { fileStore, memoryStore } from '../../src/phone/state/store.ts';
import { header } from '../../src/protocol/sip/message.ts';
import { labPhone } from './support/lab-phone.ts';
import { goodCode, startOddCluster } from './support/odd-cluster.ts';

const _wrongCode = '4273819502648332';
const paths = (received: readonly { path: string }[]) => received.map(({ path }) => path.split('/').at(-1));

describe('what a phone keeps', () => {
  it('lies in one file that only its owner can read, and brings it in again without a code', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'firstring-phone-'));
    try {
      await using cluster = await startOddCluster();
      const first = labPhone(cluster, goodCode, { store: fileStore(join(folder, 'state'), 'SEP001122334455') });
      expect(await first.boot()).toBe('registered');
      await first.phone.powerOff();
      expect(await readdir(join(folder, 'state'))).toEqual(['SEP001122334455.json']);
      const file = join(folder, 'state', 'SEP001122334455.json');
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      expect(await readFile(file, 'utf8')).not.toContain(goodCode.slice(7, 15));
      const second = labPhone(cluster, undefined, { store: fileStore(join(folder, 'state'), 'SEP001122334455') });
      expect(await second.boot()).toBe('registered');
      await second.phone.powerOff();
      expect(paths(cluster.received)).toEqual(['start', 'prove', 'confirm']);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('is dropped when its file became activation-only', async () => {
    await using cluster = await startOddCluster();
    const store = memoryStore();
    const first = labPhone(cluster, goodCode, { store });
    await first.boot();
    await first.phone.powerOff();
    cluster.serve('SEP001122334455.cnf.xml.sgn', cluster.signed('SEP001122334455.cnf.xml', cluster.stub()));
    const second = labPhone(cluster, undefined, { store });
    expect(await second.boot()).toBe('code_missing');
    expect(await store.load()).toBeUndefined();
    const third = labPhone(cluster, goodCode, { store });
    expect(await third.boot()).toBe('registered');
    await third.phone.unplug();
  });

  it('is not exchanged for the trust list of a stranger', async () => {
    await using cluster = await startOddCluster();
    await using other = await startOddCluster();
    const store = memoryStore();
    const first = labPhone(cluster, goodCode, { store });
    await first.boot();
    await first.phone.unplug();
    cluster.serve('ITLFile.tlv', other.trustList);
    const second = labPhone(cluster, undefined, { store });
    expect(await second.boot()).toBe('registered');
    expect(second.told()).toContain('trust-list failed');
    await second.phone.unplug();
    const held = (await store.load())?.trust?.sha256;
    expect(held).toBe(createHash('sha256').update(cluster.trustList).digest('hex'));
  });
});

describe('no answer that anybody can give', () => {
  const own = 'SEP001122334455.cnf.xml';
  type Odd = Awaited<ReturnType<typeof startOddCluster>>;
  const nothing = (cluster: Odd) => {
    for (const name of [...cluster.names()]) cluster.serve(name, undefined);
  };
  const cases: readonly [string, (cluster: Odd, other: Odd) => void][] = [
    ['404 to everything', nothing],
    [
      'the files of a rebuilt server',
      (cluster, other) => {
        nothing(cluster);
        for (const name of other.names()) cluster.serve(name, other.file(name));
        cluster.serve(`${own}.sgn`, other.signed(own, other.stub()));
      },
    ],
    ['a foreign trust list', (cluster, other) => cluster.serve('ITLFile.tlv', other.trustList)],
    ['an empty trust list', (cluster) => cluster.serve('ITLFile.tlv', new Uint8Array())],
    ['an empty file', (cluster) => cluster.serve(`${own}.sgn`, new Uint8Array())],
    ['an unsigned activation-only file', (cluster) => cluster.serve(`${own}.sgn`, cluster.stub())],
    [
      'a wrongly signed activation-only file',
      (cluster, other) => cluster.serve(`${own}.sgn`, other.signed(own, cluster.stub())),
    ],
    [
      'XMLDefault in place of its own file',
      (cluster) => cluster.serve(`${own}.sgn`, cluster.file('XMLDefault.cnf.xml.sgn')),
    ],
    [
      'the lock of another phone',
      (cluster) => cluster.serve(`${own}.sgn`, cluster.signed('SEP00AABBCCDDEE.cnf.xml', cluster.stub())),
    ],
  ];
  it.each(cases)('takes away what was proved: %s', async (_, lie) => {
    await using cluster = await startOddCluster();
    await using other = await startOddCluster();
    const store = memoryStore();
    const first = labPhone(cluster, goodCode, { store });
    expect(await first.boot()).toBe('registered');
    await first.phone.unplug();
    const before = await store.load();
    lie(cluster, other);
    const second = labPhone(cluster, undefined, { store });
    expect(await second.boot(), second.told().join()).toBe('registered');
    await second.phone.unplug();
    expect(await store.load()).toEqual(before);
    expect(second.steps.some(({ outcome, fault }) => outcome === 'failed' && fault !== undefined)).toBe(true);
  });

  it.each([403, 404])(
    '404 for the files and then a SIP %i: the phone says so, keeps all and takes a new code',
    async (status) => {
      const answers: { status: number }[] = [];
      await using cluster = await startOddCluster({ registrar: { answers } });
      const store = memoryStore();
      const first = labPhone(cluster, goodCode, { store });
      await first.boot();
      await first.phone.unplug();
      const before = await store.load();
      cluster.serve(`${own}.sgn`, undefined);
      answers.push({ status });
      const second = labPhone(cluster, undefined, { store });
      expect(await second.boot()).toBe('registration_refused');
      expect(second.told()).toContain('code begun');
      expect(await store.load()).toEqual(before);
      const third = labPhone(cluster, goodCode, { store });
      expect(await third.boot()).toBe('registered');
      await third.phone.unplug();
      expect((await store.load())?.activationId).toBeDefined();
    },
  );
});

describe('firmware', () => {
  const image = utf8('firmware image');
  const manifest = (sha256: string) => utf8(`sip8845_65.2.sbn ${image.length} ${sha256}\n`);
  const right = createHash('sha256').update(image).digest('hex');

  it('is fetched, verified and reported to the registrar', async () => {
    await using cluster = await startOddCluster({
      load: 'sip8845_65.2',
      files: { 'sip8845_65.2.loads': manifest(right), 'sip8845_65.2.sbn': image },
    });
    const { phone, boot } = labPhone(cluster, goodCode);
    expect(await boot()).toBe('registered');
    await phone.unplug();
    expect(header(cluster.registrar.registers[0]!, 'reason')).toContain('ActiveLoad=sip8845_65.2.loads');
  });

  it.each([
    ['damaged', { 'sip8845_65.2.loads': manifest('0'.repeat(64)), 'sip8845_65.2.sbn': image }],
    ['incomplete', { 'sip8845_65.2.loads': manifest(right) }],
    ['not there', {}],
  ])('that is %s leaves the phone with what it runs', async (_, files) => {
    await using cluster = await startOddCluster({ load: 'sip8845_65.2', files });
    const { phone, boot } = labPhone(cluster, goodCode);
    expect(await boot()).toBe('registered');
    await phone.unplug();
    expect(header(cluster.registrar.registers[0]!, 'reason')).toContain('ActiveLoad=sip8845_65.1.loads');
  });
});
