import type { MicProblem } from './mic-path.ts';
import type { MicSubject } from './mic-subject.ts';

/** What a door learns of the certificate a phone showed. */
export type MicVerdict =
  | {
      readonly accepted: true;
      readonly subject: MicSubject;
      readonly sha256: Uint8Array;
      readonly der: Uint8Array;
      /** SHA-256 of the root it was accepted under. */
      readonly rootSha256: Uint8Array;
    }
  | {
      readonly accepted: false;
      readonly problem: MicProblem;
      /** What the subject claims, for the timeline; unproven. */
      readonly claimed: MicSubject | undefined;
    };

/** In plain words: what is wrong, and what the administrator can do. */
export const micProblemText: Readonly<Record<MicProblem, string>> = {
  mic_required: 'The phone showed no manufacturer-installed certificate.',
  mic_untrusted: 'The certificate does not chain to a manufacturer root in CallManager-trust.',
  mic_expired: 'The certificate has expired.',
  mic_not_yet_valid: 'The certificate is not valid yet.',
  mic_revoked: 'The certificate is on the deny list, or its manufacturer has revoked it.',
  mic_subject_invalid: 'The certificate names no phone.',
  mic_purpose: 'The certificate is not meant for a phone to identify itself.',
  mic_weak: 'The certificate uses a key or signature that is too weak.',
};
