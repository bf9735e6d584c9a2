/** The field's XML bodies beside REGISTER (reference/field-facts.md §7.1). Only what registration needs. */

export const remoteccRequestType = 'application/x-cisco-remotecc-request+xml';
export const remoteccResponseType = 'application/x-cisco-remotecc-response+xml';

const boundary = 'uniqueBoundary';
export const bulkRegisterContentType = `multipart/mixed;boundary=${boundary}`;

/** The phone's side: asks that all its lines be registered with the first one. CRLF lines. */
export function bulkRegisterBody(): string {
  const part = (xml: string): string =>
    [
      `--${boundary}`,
      `Content-Type: ${remoteccRequestType}`,
      'Content-Disposition: session;handling=optional',
      '',
      `<?xml version="1.0" encoding="UTF-8"?>`,
      xml,
      '',
    ].join('\r\n');
  return (
    part(
      '<x-cisco-remotecc-request><bulkregisterreq><contact all="true"><register></register></contact></bulkregisterreq></x-cisco-remotecc-request>',
    ) +
    part(
      '<x-cisco-remotecc-request><optionsindreq><combine max="6"><remotecc><status></status></remotecc><service-control></service-control></combine></optionsindreq></x-cisco-remotecc-request>',
    ) +
    `--${boundary}--\r\n`
  );
}

/** Whether a REGISTER body asks for all lines. Only the one fact is looked for, so no XML is parsed. */
export function asksBulkRegister(contentType: string | undefined, body: string): boolean {
  if (
    contentType === undefined ||
    !/^(?:multipart\/mixed|application\/x-cisco-remotecc-request\+xml)/i.test(contentType)
  ) {
    return false;
  }
  return /<bulkregisterreq>[\s\S]{0,400}?<contact\s+all\s*=\s*["']true["']/i.test(body);
}

/** Answer to the bulk registration. */
export function bulkRegisterResponse(): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<x-cisco-remotecc-response>',
    '<response><code>200</code><optionsind><combine max="6"><service-control/></combine></optionsind></response>',
    '</x-cisco-remotecc-response>',
    '',
  ].join('\r\n');
}
