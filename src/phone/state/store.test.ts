import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StoredPhone } from '../boot/types.ts';
import { fileStore } from './store.ts';

const name = 'SEP001122334455';
const phone: StoredPhone = {
  deviceName: name,
  activationId: 'id-1',
  trust: undefined,
  tftp: ['192.0.2.1:69'],
  digest: { username: name, password: 'secret' },
  load: 'sip8845_65.1',
  configuration: undefined,
};

describe('the state of a phone', () => {
  let folder: string;
  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'firstring-state-')), 'state');
  });
  afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }));

  it('comes back as it was stored', async () => {
    const store = fileStore(folder, name);
    await store.save(phone);
    expect(await fileStore(folder, name).load()).toEqual(phone);
  });

  it('is readable by its owner only, whatever lay there before', async () => {
    const store = fileStore(folder, name);
    await store.save(phone);
    await writeFile(join(folder, `${name}.json.new`), '', { mode: 0o644 });
    await store.save(phone);
    expect((await stat(join(folder, `${name}.json`))).mode & 0o777).toBe(0o600);
  });

  it('is none at first', async () => {
    expect(await fileStore(folder, name).load()).toBeUndefined();
  });

  it.each([
    ['cut short', '{"v":1,'],
    ["another phone's", JSON.stringify({ v: 1, deviceName: 'SEP000000000002', tftp: [] })],
    ['of another version', JSON.stringify({ v: 2, deviceName: name, tftp: [] })],
    ['with a broken trust list', JSON.stringify({ v: 1, deviceName: name, tftp: [], trustList: 'AAAA' })],
  ])('counts as none when it is %s', async (_, text) => {
    const store = fileStore(folder, name);
    await store.save(phone);
    await writeFile(join(folder, `${name}.json`), text);
    expect(await store.load()).toBeUndefined();
  });

  it('is gone after a wipe, and the last of several saves stands', async () => {
    const store = fileStore(folder, name);
    await Promise.all([
      store.save(phone),
      store.save({ ...phone, load: 'second' }),
      store.save({ ...phone, load: 'third' }),
    ]);
    expect((await store.load())?.load).toBe('third');
    await Promise.all([store.save(phone), store.wipe()]);
    expect(await readdir(folder)).toEqual([]);
  });
});
