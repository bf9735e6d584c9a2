/** What Unified CM tells a registered phone by NOTIFY, Event: service-control (reference/field-facts.md §7.3). */
export type ServiceControlAction = 'restart' | 'reset' | 'apply-config';

export interface ServiceControl {
  readonly action: ServiceControlAction;
  /** Call-ID of the REGISTER that made the binding. */
  readonly registerCallId: string;
  readonly configVersionStamp?: string;
}

export const serviceControlEvent = 'service-control';
export const serviceControlType = 'text/plain';

/** Body of the NOTIFY, CRLF lines. Stamps that are not known are sent empty in braces. */
export function serviceControlBody(control: ServiceControl): string {
  const stamp = `{${control.configVersionStamp ?? ''}}`;
  return [
    `action=${control.action}`,
    `RegisterCallId={${control.registerCallId}}`,
    `ConfigVersionStamp=${stamp}`,
    'DialplanVersionStamp={}',
    'SoftkeyVersionStamp={}',
    'FeatureControlVersionStamp={}',
    '',
  ].join('\r\n');
}

/** The phone's side. Undefined when there is no action that it knows. */
export function readServiceControl(body: string): ServiceControl | undefined {
  const values = new Map<string, string>();
  for (const line of body.split(/\r?\n/)) {
    const equals = line.indexOf('=');
    if (equals > 0) values.set(line.slice(0, equals).trim().toLowerCase(), line.slice(equals + 1).trim());
  }
  const action = values.get('action')?.toLowerCase();
  if (action !== 'restart' && action !== 'reset' && action !== 'apply-config') return undefined;
  const bare = (text: string | undefined): string => (text ?? '').replace(/^\{|\}$/g, '');
  const stamp = bare(values.get('configversionstamp'));
  return {
    action,
    registerCallId: bare(values.get('registercallid')),
    ...(stamp === '' ? {} : { configVersionStamp: stamp }),
  };
}
