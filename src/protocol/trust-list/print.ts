import { toHex } from '../../kernel/bytes.ts';
import { decodeTrustList, type TrustList, type TrustRecord, trustRole } from './trust-list.ts';

const line = (label: string, value: string) => `${label.padEnd(22)}${value}`;

/** A trust list for human eyes, in the manner of the field's `show itl`. Throws MalformedError for bytes that are none. */
export function printTrustList(file: Uint8Array): { text: string; list: TrustList } {
  const list = decodeTrustList(file);
  const lines = [
    `Length of the file: ${file.length}`,
    line('VERSION', list.version),
    line('HEADERLENGTH', String(list.headerLength)),
    line('SIGNERNAME', list.signer.name),
    line('SERIALNUMBER', grouped(list.signer.serialNumber)),
    line('CANAME', list.signer.issuer),
    line('DIGESTALGORITHM', list.hash.toUpperCase()),
    line('SIGNATUREALGORITHM', 'RSA PKCS#1 v1.5'),
    line('SIGNATUREMODULUS', `${list.modulusBits} bits`),
    line('SIGNATURE', `${toHex(list.signature.subarray(0, 16))}…`),
    line('FILENAME', list.fileName),
    line('TIMESTAMP', `${list.timestamp} (${new Date(list.timestamp * 1000).toISOString()})`),
  ];
  list.records.forEach((record, index) => {
    lines.push('', `Record #${index + 1}`, ...printRecord(record));
  });
  return { text: lines.join('\n'), list };
}

function printRecord(record: TrustRecord): string[] {
  return [
    line('SUBJECTNAME', record.subject),
    line('FUNCTION', `${record.role} (${trustRole[record.role]})`),
    line('ISSUERNAME', record.issuer),
    line('SERIALNUMBER', grouped(record.serialNumber)),
    line('PUBLICKEY', `${record.publicKey.length} octets`),
    line('SIGNATURE', `${record.signature.length} octets`),
    line('CERTIFICATE', `${record.certificate.length} octets`),
  ];
}

function grouped(bytes: Uint8Array): string {
  return toHex(bytes)
    .replace(/(..)(?=.)/g, '$1:')
    .toUpperCase();
}
