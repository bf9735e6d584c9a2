type Json = Readonly<Record<string, unknown>>;

/** `1001@Internal` → a line of the REST API. */
export function lineOf(text: string): { directoryNumber: string; partition?: string } {
  const at = text.indexOf('@');
  return at === -1 ? { directoryNumber: text } : { directoryNumber: text.slice(0, at), partition: text.slice(at + 1) };
}

/** Aligned columns with a heading. */
export function columns(rows: readonly Json[], fields: readonly string[]): string {
  const table = [fields, ...rows.map((row) => fields.map((field) => cell(row[field])))];
  const widths = fields.map((_, i) => Math.max(...table.map((row) => row[i]!.length)));
  return table
    .map(
      (row) =>
        `${row
          .map((text, i) => text.padEnd(widths[i]!))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  return Array.isArray(value) ? value.join(',') : String(value);
}

export function list(phones: readonly Json[], total: number): string {
  const rows = phones.map((phone) => ({
    ...phone,
    lines: linesOf(phone),
    code: stateOf(phone['activationCode']),
    registered: phone['registration'] === null ? '' : 'yes',
    owner: phone['ownerUserId'],
  }));
  return `${columns(rows, ['name', 'model', 'description', 'owner', 'lines', 'code', 'registered'])}${total > rows.length ? `… ${total} in all\n` : ''}`;
}

export function describePhone(phone: Json): string {
  const code = phone['activationCode'] as Json | null;
  const registration = phone['registration'] as Json | null;
  const shown: readonly (readonly [string, unknown])[] = [
    ['name', phone['name']],
    ['model', phone['model']],
    ['description', phone['description']],
    ['owner', phone['ownerUserId']],
    ['lines', linesOf(phone)],
    ['device pool', phone['devicePool']],
    ['security profile', phone['phoneSecurityProfile']],
    ['requires code', phone['requiresActivationCode'] ? 'yes: locked until it is entered' : 'no'],
    ['code', code === null ? 'none' : `${code['state']}, until ${code['expiresAt']}`],
    [
      'registered',
      registration === null
        ? 'no'
        : `with ${registration['node']} over ${registration['transport']} since ${registration['registeredAt']}`,
    ],
    ['firmware', phone['activeLoad']],
  ];
  return shown
    .map(([what, value]) => `${what.padEnd(17)}${cell(value)}`.trimEnd())
    .join('\n')
    .concat('\n');
}

export function describeTimeline(attempts: readonly Json[]): string {
  const text: string[] = [];
  for (const attempt of attempts) {
    const outcome =
      attempt['outcome'] === null
        ? 'administration'
        : `attempt of ${attempt['mac'] ?? 'a phone'}: ${attempt['outcome']}`;
    text.push(`${attempt['startedAt']}  ${outcome}`);
    for (const step of attempt['steps'] as readonly Json[]) {
      text.push(`  ${step['at']}  ${step['result'] === 'failed' ? '✗' : '·'} ${step['text']}`);
      if (step['cause'] !== null) text.push(`      ${step['cause']}`);
      if (step['remedy'] !== null) text.push(`      → ${step['remedy']}`);
    }
  }
  return text.length === 0 ? 'Nothing was seen of this phone yet.\n' : `${text.join('\n')}\n`;
}

function linesOf(phone: Json): string {
  return (phone['lines'] as readonly { directoryNumber: string; partition: string }[])
    .map(({ directoryNumber, partition }) => (partition === '' ? directoryNumber : `${directoryNumber}@${partition}`))
    .join(',');
}

function stateOf(code: unknown): string {
  const state = (code as { state?: string } | null)?.state;
  return state === 'active' || state === 'expired' || state === 'locked' ? state : '';
}
