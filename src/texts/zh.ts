import type { SentenceId } from './say.ts';
import type { SentenceText } from './sentence.ts';
import { bulkZh } from './zh/bulk.ts';
import { cloudZh } from './zh/cloud.ts';
import { edgeZh } from './zh/edge.ts';
import { mraZh } from './zh/mra.ts';
import { phonesZh } from './zh/phones.ts';
import { requestsZh } from './zh/requests.ts';
import { revocationZh } from './zh/revocation.ts';
import { rowsZh } from './zh/rows.ts';
import { settingsZh } from './zh/settings.ts';

/** Every sentence in Simplified Chinese, with the terms of the field's own Chinese documents. */
export const sentencesZh: Readonly<Record<SentenceId, SentenceText>> = {
  ...bulkZh,
  ...cloudZh,
  ...edgeZh,
  ...mraZh,
  ...phonesZh,
  ...requestsZh,
  ...revocationZh,
  ...rowsZh,
  ...settingsZh,
};
