import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Prose that can rot: every path of the tree and every relative link that a document names must exist.
 * Usage: node scripts/check-docs.ts
 */
const documents = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...globSync('docs/**/*.md')].filter((file) =>
  existsSync(file),
);
const problems: string[] = [];

for (const file of documents) {
  const text = readFileSync(file, 'utf8');
  for (const [, path] of text.matchAll(/`((?:src|test|bench|scripts|migrations|config|vectors|docs)\/[\w./-]+)`/g)) {
    if (!existsSync(path!)) problems.push(`${file}: \`${path}\` does not exist`);
  }
  for (const [, target] of text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)/g)) {
    if (!existsSync(join(dirname(file), target!))) problems.push(`${file}: the link to ${target} leads nowhere`);
  }
  for (const [, script] of text.matchAll(/`npm run ([\w:-]+)/g)) {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
    if (scripts[script!] === undefined) problems.push(`${file}: there is no \`npm run ${script}\``);
  }
}

for (const problem of problems) process.stderr.write(`${problem}\n`);
if (problems.length > 0) process.exitCode = 1;
else process.stdout.write(`documents: ${documents.length} read, every path and link in them exists\n`);
