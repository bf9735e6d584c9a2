import type { SentenceId } from '../../texts/say.ts';
import { say } from '../../texts/say.ts';
import { CloudFault } from '../cloud/cloud-fault.ts';
import { judgeEdgeTrust } from '../cloud/edge-trust.ts';
import { SettingFault } from '../settings/setting-fault.ts';

/** What phones can hold: the limits of the cloud's protocol. */
const mostCertificates = 20;
type UnfitText = Extract<SentenceId, `certificate_unfit${string}`>;

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
    throw new SettingFault('policy', say('trust_store_full', { most: mostCertificates, size: mostOctets / 1024 }), {
      field: 'certificate',
    });
  try {
    judgeEdgeTrust([der], now);
  } catch (error) {
    if (!(error instanceof CloudFault) || error.sentence === undefined) throw error;
    // Of one certificate its place says nothing; what is wrong with it is the same.
    const text = error.sentence.text.replace('trust_not_accepted', 'certificate_unfit') as UnfitText;
    throw new SettingFault('caller', say(text), { field: 'certificate', cause: error });
  }
}
