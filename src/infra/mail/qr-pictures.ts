import { toBuffer } from 'qrcode';
import type { QrPictures } from '../../domain/mail/ports.ts';

/** Black on white with the quiet zone of ISO/IEC 18004, so that dark mail programs show it readable. */
export const qrPictures: QrPictures = {
  png: (content) => toBuffer(content, { type: 'png', errorCorrectionLevel: 'M', margin: 4, scale: 6 }),
};
