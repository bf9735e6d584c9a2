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

describe('files from before', () => {
  const own = 'SEP001122334455.cnf.xml';

  it('are refused although the cluster signed them: the phone stays with the newer one and says so', async () => {
    await using cluster = await startOddCluster();
    const store = memoryStore();
    const first = labPhone(cluster, goodCode, { store });
    await first.boot();
    await first.phone.unplug();
    const old = cluster.file(`${own}.sgn`)!;
    cluster.serve(`${own}.sgn`, cluster.signed(own, cluster.configuration('7-b', '7602')));
    const second = labPhone(cluster, undefined, { store });
    expect(await second.boot()).toBe('registered');
    expect(second.phone.directoryNumbers).toEqual(['7602']);
    await second.phone.unplug();
    const newer = await store.load();
    for (const replayed of [old, cluster.signed(own, cluster.stub())]) {
      cluster.serve(`${own}.sgn`, replayed);
      const third = labPhone(cluster, undefined, { store });
      expect(await third.boot()).toBe('registered');
      expect(third.phone.directoryNumbers).toEqual(['7602']);
      await third.phone.unplug();
      expect(third.steps.find(({ fault }) => fault === 'file_older')?.text).toContain('An older file');
      expect(await store.load()).toEqual(newer);
    }
  });

  it('are taken by a phone that was erased by hand', async () => {
    await using cluster = await startOddCluster();
    const store = memoryStore();
    const first = labPhone(cluster, goodCode, { store });
    await first.boot();
    await first.phone.unplug();
    const old = cluster.file(`${own}.sgn`)!;
    cluster.serve(`${own}.sgn`, cluster.signed(own, cluster.configuration('7-b', '7602')));
    const second = labPhone(cluster, undefined, { store });
    await second.boot();
    await second.phone.unplug();
    await store.wipe();
    cluster.serve(`${own}.sgn`, old);
    const third = labPhone(cluster, undefined, { store });
    expect(await third.boot()).toBe('registered');
    expect(third.phone.directoryNumbers).toEqual(['1001']);
    await third.phone.unplug();
  });

  it('a trust list from before is refused: what was taken out of it stays out', async () => {
    await using cluster = await startOddCluster();
    const store = memoryStore();
    const first = labPhone(cluster, goodCode, { store });
    await first.boot();
    await first.phone.unplug();
    const smaller = cluster.list(1_700_000_100, ['SAST', 'CCM+TFTP']);
    cluster.serve('ITLFile.tlv', smaller);
    const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
    const held = async () => (await store.load())?.trust?.sha256;
    const second = labPhone(cluster, undefined, { store });
    expect(await second.boot()).toBe('registered');
    await second.phone.unplug();
    expect(await held()).toBe(sha256(smaller));
    // The list of before, and one made in the same second: neither is later than what the phone has.
    for (const old of [cluster.trustList, cluster.list(1_700_000_100, ['SAST', 'CCM+TFTP', 'TVS'])]) {
      cluster.serve('ITLFile.tlv', old);
      const third = labPhone(cluster, undefined, { store });
      expect(await third.boot()).toBe('registered');
      await third.phone.unplug();
      expect(third.steps.find(({ step }) => step === 'trust-list')).toMatchObject({ fault: 'file_older' });
      expect(await held()).toBe(sha256(smaller));
    }
  });
});

describe('a trust list that changes between download and proof', () => {
  it('is fetched again: what counts is the hash the server proved', async () => {
    await using cluster = await startOddCluster({
      das: {
        result: (honest) => {
          const bigger = cluster.list(1_700_000_200, ['SAST', 'CCM+TFTP', 'TVS']);
          cluster.serve('ITLFile.tlv', bigger);
          const itlSha256 = createHash('sha256').update(bigger).digest('hex');
          return honest.status === 'activated' ? { ...honest, trust: { ...honest.trust, itlSha256 } } : honest;
        },
      },
    });
    const store = memoryStore();
    const { phone, boot, told } = labPhone(cluster, goodCode, { store });
    expect(await boot()).toBe('registered');
    await phone.unplug();
    expect(told().filter((each) => each === 'trust-list done')).toHaveLength(2);
    expect((await store.load())?.trust?.sha256).not.toBe(createHash('sha256').update(cluster.trustList).digest('hex'));
    expect(paths(cluster.received)).toEqual(['start', 'prove', 'confirm']);
  });
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
