import { escapeXml } from '../../protocol/soap/envelope.ts';

const reasons: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  413: 'Payload Too Large',
  415: 'Unsupported Media Type',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

/**
 * An error that is no SOAP fault. Clients parse whatever comes: it begins with a doctype and is well-formed after it, since plain text or
 * unclosed tags kill some of them. The title is what scripts look for.
 */
export function errorPage(status: number, detail: string): string {
  const title =
    status === 599 ? `HTTP Status 599 - ${detail}` : `HTTP Status ${status} – ${reasons[status] ?? 'Error'}`;
  return `<!doctype html><html lang="en"><head><title>${escapeXml(title)}</title></head><body><h1>${escapeXml(title)}</h1><p>${escapeXml(detail)}</p></body></html>`;
}

/** What GET /axl/ says to somebody who may use it: some clients look for the first phrase before they begin. */
export const welcomePage =
  '<!doctype html><html lang="en"><head><title>Cisco CallManager: AXL Web Service</title></head><body><h1>Cisco CallManager: AXL Web Service</h1>' +
  '<p>This address speaks AXL. Send requests with HTTP POST.</p></body></html>';
