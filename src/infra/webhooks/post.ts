import { createHmac, X509Certificate } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { rootCertificates } from 'node:tls';
import type { Sealer } from '../../domain/ports.ts';
import { type Attempt, type DueDelivery, signedText, taken } from '../../domain/webhooks/webhook.ts';
import { webhookSecretPurpose } from '../../domain/webhooks/webhook-service.ts';
import type { OutboundRule } from '../net/outbound.ts';

/** For the whole exchange. In ms. */
const patience = 10_000;

/**
 * Sends one delivery with POST. Headers: Firstring-Event, Firstring-Delivery (the same in every attempt of it), Firstring-Timestamp, and
 * Firstring-Signature: `v1=` and the HMAC-SHA256 of `<timestamp>.<body>` in hex. No redirect is followed; what is answered is not read.
 */
export function webhookPost(
  sealer: Sealer,
  version: string,
  outbound: OutboundRule,
): (delivery: DueDelivery) => Promise<Attempt> {
  return (delivery) => {
    const body = JSON.stringify(delivery.payload);
    const timestamp = Math.floor(Date.now() / 1000);
    const key = sealer.open(webhookSecretPurpose, delivery.secretSealed);
    // The key is the text that was shown, so that it can be pasted into a receiver as it is.
    const secret = Buffer.from(key).toString('base64url');
    const signature = createHmac('sha256', secret).update(signedText(timestamp, body)).digest('hex');
    const headers = {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      'user-agent': `Firstring/${version}`,
      'firstring-event': String((delivery.payload as { event?: unknown }).event ?? ''),
      'firstring-delivery': delivery.id,
      'firstring-timestamp': String(timestamp),
      'firstring-signature': `v1=${signature}`,
    };
    return exchange(delivery, body, headers, outbound);
  };
}

function exchange(
  delivery: DueDelivery,
  body: string,
  headers: Readonly<Record<string, string>>,
  outbound: OutboundRule,
): Promise<Attempt> {
  const url = new URL(delivery.url);
  // An address in the URL is never looked up.
  if (!outbound.allowsHost(url.hostname)) return Promise.resolve({ status: undefined, error: closedAddress });
  const secure = url.protocol === 'https:';
  const send = secure ? httpsRequest : httpRequest;
  const { certificateAuthority } = delivery;
  return new Promise((resolve) => {
    let done = false;
    const end = (attempt: Attempt) => {
      if (done) return;
      done = true;
      clearTimeout(timer);
      request.destroy();
      resolve(attempt);
    };
    const request = send(url, {
      method: 'POST',
      headers,
      agent: false,
      lookup: outbound.lookup,
      ...(secure && certificateAuthority !== '' && { ca: [...rootCertificates, certificateAuthority] }),
    });
    const timer = setTimeout(
      () => end({ status: undefined, error: `No answer within ${patience / 1000} seconds.` }),
      patience,
    );
    request.once('response', ({ statusCode }) =>
      end({
        status: statusCode,
        error: taken(statusCode) ? '' : `It answered ${statusCode}; a status from 200 to 299 is wanted.`,
      }),
    );
    request.on('error', (error: NodeJS.ErrnoException) => end({ status: undefined, error: plainly(error) }));
    request.end(body);
  });
}

const closedAddress =
  'That address is closed: it is this machine, the link or a cloud’s own. The node’s configuration can open it (outbound.allow).';

function plainly(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'OUTBOUND_REFUSED':
      return closedAddress;
    case 'ECONNREFUSED':
      return 'Nothing listens at that address and port.';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'The host name is not known.';
    case 'ECONNRESET':
      return 'The connection was cut.';
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return 'Its certificate chains to nobody who is trusted. Add its authority to the webhook.';
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return 'Its certificate is for another host.';
    case 'CERT_HAS_EXPIRED':
      return 'Its certificate has expired.';
    default:
      return error.message;
  }
}

/** Whether this PEM holds at least one certificate. */
export function readableCa(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}
