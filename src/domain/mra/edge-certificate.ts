import { CloudFault } from '../cloud/cloud-fault.ts';
import { judgeEdgeTrust } from '../cloud/edge-trust.ts';
import { SettingFault } from '../settings/setting-fault.ts';

/** What phones can hold: the limits of the cloud's protocol. */
const mostCertificates = 20;
const mostOctets = 64 * 1024;

/**
 * PhoneEdge-trust goes to the cloud as a whole: one certificate that the cloud, and so a phone, cannot use would keep all of them back. So the
 * same judgement is made when it is uploaded. @throws SettingFault `certificate_unfit`, `trust_store_full`
 */
export function checkEdgeCertificate(
  der: Uint8Array,
  present: readonly { readonly der: Uint8Array }[],
  now: number,
): void {
  if (
    present.length >= mostCertificates ||
    present.reduce((sum, each) => sum + each.der.length, der.length) > mostOctets
  )
    throw new SettingFault(
      'policy',
      'trust_store_full',
      `PhoneEdge-trust holds at most ${mostCertificates} certificates, together 64 KiB: phones have to keep them.`,
      { field: 'certificate', remedy: 'Delete certificates that no Expressway uses any more.' },
    );
  try {
    judgeEdgeTrust([der], now);
  } catch (error) {
    if (!(error instanceof CloudFault)) throw error;
    const why = error.message.replace(/^Certificate 1 of the PhoneEdge-trust set /, '').replace(/\.$/, '');
    throw new SettingFault('caller', 'certificate_unfit', `Phones could not use this certificate: it ${why}.`, {
      field: 'certificate',
      remedy: 'Upload the certificate of the authority that signed that of Expressway-E.',
      cause: error,
    });
  }
}
