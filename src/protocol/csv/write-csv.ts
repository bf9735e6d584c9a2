/** What a spreadsheet would run as a formula: `= + - @`, tab or CR first, also after spaces, also in full width. */
const formula = /^[\s\u00a0]*[=+\-@\t\r＝＋－＠]/u;

/** One record of RFC 4180, with CRLF. Fields that a spreadsheet would run get an apostrophe in front. */
export function csvRecord(fields: readonly string[]): string {
  return `${fields.map(csvField).join(',')}\r\n`;
}

function csvField(text: string): string {
  const safe = formula.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}
