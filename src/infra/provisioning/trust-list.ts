import { createHash } from 'node:crypto';
import type { FileSigner, ProvisioningStore, TrustListStore } from '../../domain/provisioning/ports.ts';
import { trustListContent } from '../../domain/provisioning/trust.ts';
import { Fault } from '../../kernel/errors.ts';
import { printTrustList } from '../../protocol/trust-list/print.ts';
import { encodeRecords, layOutTrustList } from '../../protocol/trust-list/trust-list.ts';
import { isSignedBy } from '../../protocol/trust-list/verify.ts';
import { signerOf, trustRecordOf } from './certificate-facts.ts';
import { verifySignature } from './signing.ts';

export type TrustListFaultCode = 'trust_list_too_large' | 'trust_list_unsigned';
export class TrustListFault extends Fault<TrustListFaultCode> {}

export interface TrustListParts {
  readonly provisioning: Pick<ProvisioningStore, 'certificates'>;
  readonly lists: TrustListStore;
  /** The ITLRecovery certificate and its key. */
  readonly signer: FileSigner;
}

/**
 * The ITL for the certificates the cluster holds now: the kept octets when this content was built before, else built, signed and kept.
 * Throws TrustListFault when the cluster holds more certificates than phones can load.
 */
export async function currentTrustList(parts: TrustListParts): Promise<Uint8Array> {
  const content = trustListContent(await parts.provisioning.certificates());
  const records = content.map(({ role, der }) => trustRecordOf(der, role));
  const body = encodeRecords(records);
  // The signer is the first SAST record, so the content names it too.
  const contentHash = createHash('sha256').update(body).digest();
  const kept = await parts.lists.find('ITL', contentHash);
  if (kept !== undefined) {
    await parts.lists.makeNewest('ITL', contentHash);
    return kept;
  }
  const signer = signerOf(parts.signer.certificate);
  if (
    !records.some(
      (record) => record.role === 'SAST' && Buffer.compare(record.certificate, parts.signer.certificate) === 0,
    )
  ) {
    throw new TrustListFault(
      'ours',
      'trust_list_unsigned',
      'The certificate that signs the ITL is not among its records.',
    );
  }
  const laidOut = layOut(records, signer, await parts.lists.now());
  return parts.lists.keep('ITL', contentHash, laidOut.assemble(parts.signer.sign(laidOut.toBeSigned)));
}

function layOut(
  records: Parameters<typeof layOutTrustList>[1],
  signer: ReturnType<typeof signerOf>,
  timestamp: number,
): ReturnType<typeof layOutTrustList> {
  const header = {
    signer,
    hash: 'sha512',
    modulusBits: 2048,
    fileName: 'ITLFile.tlv',
    timestamp,
    signerVersion: '1.1',
  } as const;
  try {
    return layOutTrustList(header, records);
  } catch (cause) {
    throw new TrustListFault('ours', 'trust_list_too_large', 'The ITL would be larger than phones can load.', {
      cause,
      remedy: 'Remove nodes that are no longer in service, so that their certificates leave the ITL.',
    });
  }
}

/** For the command line: the list in words, and whether its own SAST record signed it. Throws MalformedError for octets that are no list. */
export function showItl(bytes: Uint8Array): { readonly text: string; readonly verified: boolean } {
  const { text, list } = printTrustList(bytes);
  const verified = isSignedBy(list, list.records, verifySignature);
  const verdict = verified
    ? 'The ITL file was verified successfully.'
    : 'The ITL file was NOT verified: its signature does not fit.';
  return { text: `${text}\n\n${verdict}\n`, verified };
}
