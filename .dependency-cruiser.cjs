/** The import rule of docs/architecture.md, as a tool checks it. */
const layer = (name) => `^src/${name}/`;
const only = (from, allowed, comment) => ({
  name: `${from}-imports`,
  comment,
  severity: 'error',
  from: { path: layer(from), pathNot: '\\.test\\.ts$' },
  to: { path: '^src/', pathNot: [layer(from), ...allowed.map(layer)] },
});
const pure = ['kernel', 'identifiers', 'texts', 'protocol', 'domain', 'contract'];

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: { path: '^src/' }, to: { circular: true } },
    only('kernel', [], 'kernel stands on nothing'),
    only('identifiers', ['kernel'], 'identifiers know only the kernel'),
    only('texts', ['kernel'], 'texts are words with places for values; they know nobody'),
    only('protocol', ['kernel', 'identifiers'], 'protocol never sees domain; they meet in endpoints'),
    only('domain', ['kernel', 'identifiers', 'texts'], 'domain never sees protocol; they meet in endpoints'),
    only('contract', ['kernel', 'identifiers'], 'what crosses HTTP is shared with the web'),
    only(
      'endpoints',
      ['kernel', 'identifiers', 'protocol', 'domain', 'contract', 'texts'],
      'endpoints and infra meet in roles',
    ),
    only('infra', ['kernel', 'identifiers', 'protocol', 'domain', 'texts'], 'endpoints and infra meet in roles'),
    only('phone', ['kernel', 'identifiers', 'protocol'], 'the phone must not be able to cheat'),
    only('web', ['kernel', 'identifiers', 'contract', 'texts'], 'the web uses nothing but the REST API'),
    {
      name: 'roles-never-import-roles',
      severity: 'error',
      from: { path: '^src/roles/([^/]+)' },
      to: { path: '^src/roles/', pathNot: '^src/roles/$1' },
    },
    {
      name: 'pure-layers-import-no-node',
      comment: 'clock, randomness, hashing and sockets come in as arguments; types are free',
      severity: 'error',
      from: { path: `^src/(${pure.join('|')})/`, pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'nobody-imports-tests',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(test|bench)/|\\.test\\.ts$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.js'] },
  },
};
