import type { ResolveEvent, Resolver, ResolveTarget } from '../../domain/cloud/resolver.ts';
import type { MicVerdict } from '../../domain/trust/mic-verdict.ts';
import { writeAnswer } from '../../protocol/cloud/answer.ts';
import type { AnswerSigner } from '../../protocol/cloud/key.ts';
import { type ResolveRequest, readResolve, writeResolveReply } from '../../protocol/cloud/resolve.ts';
import { type CloudAnswer, CloudRefusal } from './cloud-answer.ts';

export interface PhoneDoorParts {
  readonly resolver: Resolver;
  readonly inspect: (chain: readonly Uint8Array[]) => MicVerdict;
  readonly signer: AnswerSigner;
  /** `iss` of the answers. */
  readonly issuer: string;
  readonly record: (event: ResolveEvent) => void;
  readonly now: () => number;
}

/** Seconds a phone may hold on to an answer: it goes on to the edge at once, and asks anew when that fails. */
const answerLife = 900;

/** Signed in place of an answer where there is none, so that an unknown locator costs what a known one does. */
const nowhere: ResolveTarget = {
  activationDomain: 'unknown.invalid',
  phoneEdgeTrust: [new Uint8Array(600)],
  clusterHint: new Uint8Array(32),
};

/** `POST /v1/resolve`: MIC first, then the question, then the limits, then the locator. */
export async function answerPhone(
  parts: PhoneDoorParts,
  peer: { readonly chain: readonly Uint8Array[]; readonly source: string },
  body: string,
): Promise<CloudAnswer> {
  const mic = parts.inspect(peer.chain);
  if (!mic.accepted) {
    parts.record({ outcome: 'mic_refused', clusterId: undefined, question: undefined, at: parts.now() });
    throw new CloudRefusal(mic.problem);
  }
  const asked = readResolve(body);
  const verdict = await parts.resolver.resolve({
    micSha256: mic.sha256,
    mac: mic.subject.mac,
    model: mic.subject.product,
    locator: Number(asked.locator),
    source: peer.source,
  });
  switch (verdict.kind) {
    case 'limited':
      throw new CloudRefusal('rate_limited', 'This phone has asked too often. Try again later.', {
        retryAfter: verdict.retryAfter,
      });
    case 'unknown':
      sign(parts, asked, nowhere);
      throw new CloudRefusal('code_not_accepted');
    case 'found':
      return { status: 200, body: writeResolveReply({ answer: sign(parts, asked, verdict.target) }) };
  }
}

function sign(parts: PhoneDoorParts, asked: ResolveRequest, target: ResolveTarget): string {
  const iat = Math.floor(parts.now() / 1000);
  return writeAnswer({ ...target, ...asked, iss: parts.issuer, iat, exp: iat + answerLife }, parts.signer);
}
