import { describe, expect, it } from 'vitest';
import { edgeRecord, parseMraDomain } from './domain-name.ts';

describe('an MRA domain', () => {
  it.each([
    ['emea.example.org', 'emea.example.org'],
    [' EMEA.Example.org. ', 'emea.example.org'],
    ['_collab-edge._tls.emea.example.org', 'emea.example.org'],
    ['_COLLAB-EDGE._TLS.emea.example.org.', 'emea.example.org'],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
  ])('%j is read as %s', (text, domain) => expect(parseMraDomain(text)).toBe(domain));

  it.each([
    '',
    'example',
    '.example.org',
    'exa_mple.org',
    '-a.example.org',
    'a-.example.org',
    'bücher.example',
    'emea.example.org:8443',
    'https://emea.example.org',
    `${'a'.repeat(64)}.example.org`,
    `${'a.'.repeat(130)}org`,
  ])('%j is none', (text) => expect(parseMraDomain(text)).toBeUndefined());

  it('has its record under _collab-edge._tls', () =>
    expect(edgeRecord('emea.example.org')).toBe('_collab-edge._tls.emea.example.org'));
});
