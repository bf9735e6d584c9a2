import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeAccessControl, initialAccessControl, servedDomains } from './access-control.ts';
import { judgeServerCertificate, namesHost } from './certificate-names.ts';
import { NodeChoice } from './node-choice.ts';
import { decodeDomain, encodeDomain, routeOf } from './phone-routes.ts';
import { OnceOnly } from './replay.ts';

describe('the routes of a phone', () => {
  it.each([
    ['POST', '/das/v1/activation/start', { route: 'start' }],
    ['POST', '/das/v1/activation/confirm', { route: 'confirm' }],
    ['POST', '/oauth/token', { route: 'token' }],
    [
      'GET',
      '/config/SEP001122334455.cnf.xml.sgn',
      { route: 'config', name: 'SEP001122334455.cnf.xml.sgn', device: 'SEP001122334455' },
    ],
    // The field's own example of an address.
    [
      'GET',
      '/dGxhYnMuZGU/get_edge_config?service_name=_cisco-uds&service_name=_cuplogin',
      { route: 'edgeConfig', domain: 'tlabs.de', serviceNames: ['_cisco-uds', '_cuplogin'] },
    ],
    ['GET', '/dGxhYnMuZGU/get_edge_config', { route: 'edgeConfig', domain: 'tlabs.de', serviceNames: [] }],
  ])('%s %s', (method, target, demand) => {
    expect(routeOf(method, target)).toEqual({ kind: 'demand', demand });
  });

  it('are these and no others, whatever is asked', () => {
    const piece = fc.constantFrom(
      '/',
      '..',
      '.',
      '%2e',
      '//',
      'das',
      'v1',
      'activation',
      'start',
      'config',
      'oauth',
      'token',
      'SEP001122334455',
      '.cnf.xml',
      '?',
      '&',
      'dGxhYnMuZGU',
      'get_edge_config',
      'http:',
      '#',
      ' ',
      '\\',
      'api',
    );
    const target = fc.array(piece, { maxLength: 8 }).map((pieces) => `/${pieces.join('')}`);
    fc.assert(
      fc.property(target, fc.constantFrom('GET', 'POST', 'PUT'), (target, method) => {
        const verdict = routeOf(method, target);
        if (verdict.kind === 'demand')
          expect(target).toMatch(/^\/(?:das\/v1\/activation\/|oauth\/token$|config\/SEP|[\w-]+\/get_edge_config)/);
      }),
    );
  });

  it('take a domain only, no host and no port in its place', () => {
    expect(decodeDomain(encodeDomain('mra.example.org'))).toBe('mra.example.org');
    for (const text of ['10.0.0.1:8443', 'a.b/https/host/8443', 'localhost', 'a..b', '-a.b', 'mra.example.org\n']) {
      expect(decodeDomain(encodeDomain(text))).toBeUndefined();
    }
  });
});

describe('MRA access control', () => {
  it('needs tokens for activations, and keeps its domains plain', () => {
    expect(() => changeAccessControl(initialAccessControl, { allowActivationCodeOnboarding: true })).toThrow(
      expect.objectContaining({ code: 'activation_needs_oauth' }),
    );
    const both = { authorizeByOauthTokenWithRefresh: true, allowActivationCodeOnboarding: true };
    const on = changeAccessControl(initialAccessControl, { ...both, domains: ['A.example.org.', 'a.example.org'] });
    expect(on.domains).toEqual(['a.example.org']);
    expect(() => changeAccessControl(on, { authorizeByOauthTokenWithRefresh: false })).toThrow();
    expect(() => changeAccessControl(on, { domains: ['a b'] })).toThrow(
      expect.objectContaining({ field: 'domains[0]' }),
    );
  });

  it('serves what the clusters have, or the part of it that was chosen', () => {
    expect(servedDomains([], [['a.b'], ['c.d', 'A.B']])).toEqual(['a.b', 'c.d']);
    expect(servedDomains(['c.d', 'x.y'], [['a.b', 'c.d']])).toEqual(['c.d']);
  });
});

describe('a server certificate', () => {
  const facts = { names: ['e1.a.org', 'a.org'], notBefore: 0, notAfter: 1e13, selfSigned: false };
  const codes = (change: object, domains = ['a.org']) =>
    judgeServerCertificate({ ...facts, ...change }, 'e1.a.org', domains, 1e12).map(({ code }) => code);
  it.each([
    ['that fits', {}, []],
    ['without the host', { names: ['a.org'] }, ['host_not_named']],
    ['with a wildcard for the host', { names: ['*.a.org', 'collab-edge.a.org'] }, []],
    ['without the domain', { names: ['e1.a.org'] }, ['domain_not_named']],
    ['that is over', { notAfter: 1e12 - 1 }, ['expired']],
    ['that is over soon', { notAfter: 1e12 + 1e9 }, ['expires_soon']],
    ['that has not begun', { notBefore: 1e12 + 1 }, ['not_yet_valid']],
    ['signed by itself', { selfSigned: true }, ['self_signed']],
  ])('%s', (_what, change, expected) => expect(codes(change)).toEqual(expected));
  it('names one label by a wildcard, not two and not none', () => {
    expect(namesHost(['*.a.org'], 'x.A.org')).toBe(true);
    expect(namesHost(['*.a.org'], 'x.y.a.org')).toBe(false);
    expect(namesHost(['*.a.org'], 'a.org')).toBe(false);
  });
});

describe('what may be used once', () => {
  it('is refused the second time for as long as it could be taken otherwise', () => {
    const once = new OnceOnly(60);
    fc.assert(
      fc.property(fc.uuid(), fc.integer({ min: 0, max: 59 }), fc.integer({ min: 0, max: 1000 }), (id, later, at) => {
        const time = 1e6 + at;
        expect(once.use(id, time)).toBe(true);
        expect(once.use(id, time + later)).toBe(false);
      }),
      { numRuns: 50 },
    );
  });
  it('is not remembered for ever, and not without bound', () => {
    const once = new OnceOnly(60, 2);
    expect([once.use('a', 0), once.use('b', 0), once.use('c', 0)]).toEqual([true, true, false]);
    expect(once.use('a', 200)).toBe(true);
  });
});

describe('the node for a connection', () => {
  const node = (name: string, ...services: string[]) => ({ cluster: 'c', name, services });
  const nodes = [node('a', 'das'), node('b', 'das'), node('x', 'other')];
  const first = (choice: NodeChoice, connection: string, now: number) =>
    choice.candidates(nodes, connection, 'das', now).map(({ name }) => name);

  it('is one that has the service, by turns', () => {
    const choice = new NodeChoice();
    expect([first(choice, '1', 0)[0], first(choice, '2', 0)[0]].sort()).toEqual(['a', 'b']);
    expect(first(choice, '3', 0)).not.toContain('x');
  });

  it('stays the same while it is used, and the others follow it', () => {
    const choice = new NodeChoice();
    choice.keep('1', nodes[1]!, 0);
    for (let i = 0; i < 4; i++) expect(first(choice, '1', i)[0]).toBe('b');
  });

  it('is not the one that failed just now, if there is another', () => {
    const choice = new NodeChoice(5_000);
    choice.failed(nodes[0]!, 0);
    for (let i = 0; i < 4; i++) expect(first(choice, String(i), 4_999)).toEqual(['b', 'a']);
    choice.answered(nodes[0]!);
    expect(new Set([first(choice, '8', 1)[0], first(choice, '9', 1)[0]])).toEqual(new Set(['a', 'b']));
  });

  it('is forgotten ten minutes after its last use', () => {
    const choice = new NodeChoice();
    choice.keep('1', nodes[1]!, 0);
    choice.keep('2', nodes[0]!, 700_000);
    expect(choice.placeOf('1')).toBeUndefined();
    expect(choice.placeOf('2')).toBe('c/a');
  });
});
