import { createHash } from 'node:crypto';
import type { FileSigner, KeptTrustList, ProvisioningStore, TrustListStore } from '../../domain/provisioning/ports.ts';
import { type HeldCertificate, trustListContent } from '../../domain/provisioning/trust.ts';
import { Fault } from '../../kernel/errors.ts';
import { printTrustList } from '../../protocol/trust-list/print.ts';
import {
  decodeTrustList,
  encodeRecords,
  layOutTrustList,
  type TrustRecord,
} from '../../protocol/trust-list/trust-list.ts';
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
 * The ITL for the certificates the cluster holds now: the newest octets when they have this content, else built, signed and kept, with a
 * timestamp after that of every list before. Content that comes back is a new list too: a phone takes none that is older than its own.
 * Throws TrustListFault when the cluster holds more certificates than phones can load.
 */
export async function currentTrustList({ provisioning, lists, signer }: TrustListParts): Promise<Uint8Array> {
  const wanted = contentOf(await provisioning.certificates());
  const newest = await lists.newest('ITL');
  if (newest !== undefined && serves(newest, wanted)) return newest.bytes;
  let served: Uint8Array | undefined;
  await lists.renew('ITL', ({ certificates, newest: before, now }) => {
    const content = contentOf(certificates);
    if (before !== undefined && serves(before, content)) {
      served = before.bytes;
      return undefined;
    }
    const timestamp = before === undefined ? now : Math.max(now, decodeTrustList(before.bytes).timestamp + 1);
    served = signed(content.records, signer, timestamp);
    return { contentHash: content.hash, bytes: served };
  });
  return served!;
}

interface Content {
  readonly records: readonly TrustRecord[];
  readonly hash: Uint8Array;
}

function contentOf(certificates: readonly HeldCertificate[]): Content {
  const records = trustListContent(certificates).map(({ role, der }) => trustRecordOf(der, role));
  // The signer is the first SAST record, so the content names it too.
  return { records, hash: createHash('sha256').update(encodeRecords(records)).digest() };
}

function serves(list: KeptTrustList, content: Content): boolean {
  return !list.doubtful && Buffer.compare(list.contentHash, content.hash) === 0;
}

function signed(records: readonly TrustRecord[], signer: FileSigner, timestamp: number): Uint8Array {
  const listed = records.some(
    (record) => record.role === 'SAST' && Buffer.compare(record.certificate, signer.certificate) === 0,
  );
  if (!listed) {
    throw new TrustListFault(
      'ours',
      'trust_list_unsigned',
      'The certificate that signs the ITL is not among its records.',
    );
  }
  const laidOut = layOut(records, signerOf(signer.certificate), timestamp);
  return laidOut.assemble(signer.sign(laidOut.toBeSigned));
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
