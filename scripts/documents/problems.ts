import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** `src/endpoints/das/das-service.ts › DasService.start`: a file of the tree, and what it declares. */
const place = /`((?:src|test|bench|scripts|migrations|config|vectors|docs)\/[\w./-]+)(?: › ([\w.#]+))?`/g;
const link = /\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)/g;

/** Documents that people read, by path from `root`. */
export function documentsOf(root: string): readonly string[] {
  const found = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...globSync('docs/**/*.md', { cwd: root })];
  return found.filter((file) => existsSync(join(root, file)));
}

/** What a document names that is not there: paths of the tree, what files declare, relative links, scripts of npm. One line each. */
export function documentProblems(root: string, file: string): readonly string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const problems: string[] = [];
  for (const [, path, name] of text.matchAll(place)) {
    if (!existsSync(join(root, path!))) problems.push(`${file}: \`${path}\` does not exist`);
    else if (name !== undefined && !declares(readFileSync(join(root, path!), 'utf8'), name))
      problems.push(`${file}: \`${path}\` declares no \`${name}\``);
  }
  for (const [, target] of text.matchAll(link))
    if (!existsSync(join(root, dirname(file), target!))) problems.push(`${file}: the link to ${target} leads nowhere`);
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object };
  for (const [, script] of text.matchAll(/`npm run ([\w:-]+)/g))
    if (!Object.hasOwn(scripts, script!)) problems.push(`${file}: there is no \`npm run ${script}\``);
  return problems;
}

/** Whether TypeScript or SQL declares a function, class, constant, type, trigger or, as `Class.method`, a member. */
function declares(source: string, name: string): boolean {
  const [outer, ...inner] = name.split('.');
  const declared = `^\\s*(?:export |async |abstract |declare )*(?:function\\*?|class|const|let|interface|type) ${outer}\\b`;
  const created = `CREATE (?:OR REPLACE )?(?:CONSTRAINT )?(?:FUNCTION|TRIGGER|TABLE|VIEW) ${outer}\\b`;
  if (!new RegExp(`${declared}|${created}`, 'm').test(source)) return false;
  return inner.every((member) =>
    new RegExp(`^\\s+(?:(?:async|static|get|set|readonly|override) )*\\*?${member}\\s*[(<:=,]`, 'm').test(source),
  );
}
