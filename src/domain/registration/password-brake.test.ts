import { describe, expect, it } from 'vitest';
import { PasswordBrake } from './password-brake.ts';

function brake() {
  const clock = { at: 0, now: () => clock.at };
  return { clock, brake: new PasswordBrake(clock) };
}

describe('the brake on wrong passwords', () => {
  it('lets a few through, then makes that address wait for that account, and forgives with time', () => {
    const { clock, brake: its } = brake();
    for (let i = 0; i < 6; i++) {
      expect(its.wait('SEP1', '192.0.2.1')).toBe(0);
      its.wrong('SEP1', '192.0.2.1');
    }
    expect(its.wait('sep1', '192.0.2.1')).toBe(30);
    clock.at += 30_000;
    expect(its.wait('SEP1', '192.0.2.1')).toBe(0);
  });

  it('keeps out nobody else: not the account from elsewhere, not another account from there', () => {
    const { brake: its } = brake();
    for (let i = 0; i < 20; i++) its.wrong('SEP1', '192.0.2.1');
    expect(its.wait('SEP1', '192.0.2.2')).toBe(0);
    expect(its.wait('SEP2', '192.0.2.1')).toBe(0);
  });

  it('makes an address wait that tries many accounts, a whole /64 as one', () => {
    const { brake: its } = brake();
    for (let i = 0; i < 80; i++) its.wrong(`SEP${i}`, `2001:db8::${i.toString(16)}`);
    expect(its.wait('SEP99', '2001:DB8:0:0:1:2:3:4')).toBeGreaterThan(0);
    expect(its.wait('SEP99', '2001:db8:0:1::1')).toBe(0);
  });

  it('forgives what was mistyped before the right one', () => {
    const { brake: its } = brake();
    for (let i = 0; i < 6; i++) its.wrong('SEP1', '192.0.2.1');
    its.right('SEP1', '192.0.2.1');
    expect(its.wait('SEP1', '192.0.2.1')).toBe(0);
  });

  it('remembers no more than it can hold', () => {
    const { brake: its } = brake();
    for (let i = 0; i < 6; i++) its.wrong('SEP1', '192.0.2.1');
    for (let i = 0; i < 20_000; i++) its.wrong('x', `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`);
    expect(its.wait('SEP1', '192.0.2.1')).toBe(0);
  });
});
