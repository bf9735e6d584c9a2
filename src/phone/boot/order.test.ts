import { describe, expect, it } from 'vitest';
import {
  discovered,
  ended,
  find,
  full,
  gotItl,
  onAgain,
  play,
  stored,
  stub,
} from '../../../test/phone/support/boot-scenes.ts';
import { found, onRemote, ready, remoteFull, storedRemote } from '../../../test/phone/support/remote-scenes.ts';
import { olderThan, orderOf } from './order.ts';
import type { BootEvent, DeviceConfiguration } from './types.ts';

const stamped = (versionStamp: string, configuration: DeviceConfiguration = full): DeviceConfiguration => ({
  ...configuration,
  versionStamp,
});
const got = (configuration: DeviceConfiguration): BootEvent => ({ type: 'configuration', configuration });

describe('the order of configuration files', () => {
  it.each([
    ['1796078318-5f0e4a0e-0000-4000-8000-000000000001', 1_796_078_318],
    ['', undefined],
    ['welcome-1', undefined],
    ['12345678901234567890-a', undefined],
  ])('of %j is %s', (text, order) => {
    expect(orderOf(text)).toBe(order);
  });

  it.each([
    ['a smaller number, whatever the digits look like', '10-a', '9-z', true],
    ['the same number: two changes in one second', '10-a', '10-b', false],
    ['a larger one', '9-z', '10-a', false],
    ['no number to compare with', '', '1-a', false],
  ])('%s', (_, held, offered, older) => {
    expect(olderThan(stamped(held), stamped(offered)) !== undefined).toBe(older);
  });

  const before: BootEvent = { type: 'power_on', stored: { ...stored, configuration: stamped('20-b') } };

  it.each([
    ['file', full],
    ['lock', stub],
  ])('an older %s is told and not taken', (_, configuration) => {
    const { all, effects, state } = play([before, discovered, gotItl, got(stamped('19-a', configuration))]);
    expect(find(all, 'store')).toEqual([]);
    expect(find(all, 'wipe')).toEqual([]);
    expect(find(effects, 'report')[0]?.report).toMatchObject({ step: 'configuration', fault: 'file_older' });
    expect(find(effects, 'register')).toHaveLength(1);
    expect(state).toMatchObject({ phase: 'registering', configuration: { versionStamp: '20-b' } });
  });

  it('a newer one is taken, and is the measure from then on', () => {
    const { all } = play([before, discovered, gotItl, got(stamped('21-c'))]);
    expect(find(all, 'store').at(-1)?.phone.configuration?.versionStamp).toBe('21-c');
    expect(play([onAgain, discovered, gotItl, got(full)]).state.phase).toBe('registering');
  });

  it('holds outside too', () => {
    const on: BootEvent = {
      ...onRemote,
      stored: { ...storedRemote, configuration: stamped('20-b', remoteFull) },
    } as BootEvent;
    const { all, effects } = play([on, found, ready, got(stamped('19-a', remoteFull))], { remote: 'only' });
    expect(find(all, 'store')).toEqual([]);
    expect(find(effects, 'register')[0]?.configuration.versionStamp).toBe('20-b');
  });

  it('an older trust list leaves the one that is held', () => {
    const older: BootEvent = { type: 'file_unusable', detail: 'older', untrusted: false, older: true };
    const { effects } = play([before, discovered, older]);
    expect(find(effects, 'report')[0]?.report.fault).toBe('file_older');
    expect(find(effects, 'load_configuration')[0]?.trust).toBe(stored.trust);
  });

  it('that a phone without a configuration sees is the first', () => {
    const locked: BootEvent = { type: 'power_on', stored: { ...stored, configuration: undefined } };
    expect(play([locked, discovered, gotItl, got(stamped('1-a'))]).state.phase).toBe('registering');
    expect(() => ended(play([locked, discovered, gotItl, got(stamped('1-a'))]))).toThrow();
  });
});
