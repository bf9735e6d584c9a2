const open = '## Unreleased\n';
const nothing = '\nNothing yet.\n';

/** What is told of the next release; empty when nothing is. */
export function unreleased(changelog: string): string {
  const at = changelog.indexOf(open);
  if (at < 0) return '';
  const [notes] = changelog.slice(at + open.length).split(/^## /m);
  return notes!.trim() === nothing.trim() ? '' : notes!.trim();
}

/** Gives what is told of the next release its version and date (YYYY-MM-DD), and begins anew above it. */
export function closeUnreleased(changelog: string, version: string, date: string): string {
  const rest = changelog.slice(changelog.indexOf(open) + open.length);
  return changelog.replace(open + rest, () => `${open}${nothing}\n## ${version} (${date})\n${rest}`);
}
