import { enAutoRegistration } from './en-auto-registration.ts';
import { enBulk } from './en-bulk.ts';
import { enCore } from './en-core.ts';
import { enLab } from './en-lab.ts';
import { enWebhooks } from './en-webhooks.ts';

/** English. Every other language has exactly these keys. */
export const en = { ...enCore, ...enAutoRegistration, ...enBulk, ...enLab, ...enWebhooks };
