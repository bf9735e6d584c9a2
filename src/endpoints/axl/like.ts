/** SQL LIKE over values in memory: `%` any run, `_` one character, any case. An empty pattern fits everything. */
export function matchesLike(value: string, pattern: string): boolean {
  if (pattern === '' || /^%+$/.test(pattern)) return true;
  // Greedy with one point to come back to: linear in practice, never exponential.
  const text = value.toLowerCase();
  const like = pattern.toLowerCase();
  let at = 0;
  let i = 0;
  let star = -1;
  let mark = 0;
  while (i < text.length) {
    if (at < like.length && like[at] === '%') {
      star = at++;
      mark = i;
    } else if (at < like.length && (like[at] === '_' || like[at] === text[i])) {
      at++;
      i++;
    } else if (star >= 0) {
      at = star + 1;
      i = ++mark;
    } else return false;
  }
  while (like[at] === '%') at++;
  return at === like.length;
}
