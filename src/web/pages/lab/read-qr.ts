/** The largest side that is looked at, in pixels: codes are large in pictures of codes. */
const largest = 1600;

/** What a QR code in the picture holds; undefined when there is none to be read. */
export async function readQr(source: ImageBitmap | HTMLVideoElement): Promise<string | undefined> {
  const [width, height] =
    source instanceof HTMLVideoElement ? [source.videoWidth, source.videoHeight] : [source.width, source.height];
  if (width === 0 || height === 0) return undefined;
  const scale = Math.min(1, largest / Math.max(width, height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) return undefined;
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  const jsqr = (await import('jsqr')).default as unknown;
  // As a bundler gives it, or as a browser does.
  const read = (typeof jsqr === 'function' ? jsqr : (jsqr as { default: unknown }).default) as ReadPicture;
  return read(data, canvas.width, canvas.height)?.data || undefined;
}

type ReadPicture = (data: Uint8ClampedArray, width: number, height: number) => { readonly data: string } | null;
