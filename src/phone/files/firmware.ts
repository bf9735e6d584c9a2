import { createHash } from 'node:crypto';
import { fromUtf8 } from '../../kernel/bytes.ts';
import type { FileFetcher } from './fetch.ts';

export type FirmwareOutcome =
  | { readonly type: 'ready'; readonly detail: string }
  | { readonly type: 'kept'; readonly detail: string };

interface Image {
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
}

const maxImage = 256 << 20;

/**
 * Fetches a load and checks it; the flash is simulated. A `.loads` file of text lists the images, one `<name> <size> <sha256>` a line; one of
 * other content is taken as the whole load. A load that cannot be had or is damaged leaves the phone with the one it runs.
 */
export async function fetchFirmware(fetcher: FileFetcher, load: string, signal: AbortSignal): Promise<FirmwareOutcome> {
  const manifest = await fetcher.fetch(`${load}.loads`, signal, maxImage);
  if (manifest.type === 'absent') return kept(`Firmware ${load} is not on the server; the phone keeps what it runs.`);
  if (manifest.type === 'unreachable') return kept(`Firmware ${load}: ${manifest.detail}`);
  const images = readManifest(manifest.bytes);
  let octets = manifest.bytes.length;
  for (const image of images) {
    const found = await fetcher.fetch(image.name, signal, Math.min(maxImage, image.size));
    if (found.type !== 'found')
      return kept(`Firmware ${load}: ${image.name} is missing; the phone keeps what it runs.`);
    const sha256 = createHash('sha256').update(found.bytes).digest('hex');
    if (found.bytes.length !== image.size || sha256 !== image.sha256) {
      return kept(`Firmware ${load}: ${image.name} is damaged; the phone keeps what it runs.`);
    }
    octets += image.size;
  }
  const parts = images.length === 0 ? '' : ` in ${images.length} verified images`;
  return { type: 'ready', detail: `Firmware ${load} is installed: ${octets} octets${parts}.` };
}

function kept(detail: string): FirmwareOutcome {
  return { type: 'kept', detail };
}

/** Empty when the file is no such list. */
export function readManifest(bytes: Uint8Array): readonly Image[] {
  let text: string;
  try {
    text = fromUtf8(bytes);
  } catch {
    return [];
  }
  const images: Image[] = [];
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const match = /^([A-Za-z0-9._-]{1,128})\s+(\d{1,12})\s+([0-9a-f]{64})$/.exec(line.trim());
    if (match === null) return [];
    images.push({ name: match[1]!, size: Number(match[2]), sha256: match[3]! });
  }
  return images;
}
