import { bulkEn } from './en/bulk.ts';
import { cloudEn } from './en/cloud.ts';
import { edgeEn } from './en/edge.ts';
import { mraEn } from './en/mra.ts';
import { phonesEn } from './en/phones.ts';
import { requestsEn } from './en/requests.ts';
import { revocationEn } from './en/revocation.ts';
import { rowsEn } from './en/rows.ts';
import { settingsEn } from './en/settings.ts';

/** Every sentence people are told, by its id: a code, or `<code>.<which>`. The other languages say the same with the same values (`zh.ts`). */
export const sentencesEn = {
  ...bulkEn,
  ...cloudEn,
  ...edgeEn,
  ...mraEn,
  ...phonesEn,
  ...requestsEn,
  ...revocationEn,
  ...rowsEn,
  ...settingsEn,
} as const;
