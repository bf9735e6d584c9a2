import { labFaultsZh, labProblemsZh } from './lab-faults-zh.ts';
import type { Texts } from './texts.ts';
import { zhAutoRegistration } from './zh-auto-registration.ts';
import { zhBulk } from './zh-bulk.ts';
import { zhCore } from './zh-core.ts';
import { zhLab } from './zh-lab.ts';
import { zhWebhooks } from './zh-webhooks.ts';

/** Simplified Chinese, with the terms of the field's own Chinese documents. */
export const zhCN: Texts = {
  ...zhCore,
  ...zhAutoRegistration,
  ...zhBulk,
  ...zhLab,
  ...zhWebhooks,
  ...labFaultsZh,
  ...labProblemsZh,
};
