import { Fault } from '../../kernel/errors.ts';
import { say } from '../../texts/say.ts';

export type WebhookFaultCode =
  | 'webhook_not_found'
  | 'delivery_not_found'
  | 'webhook_name_taken'
  | 'webhook_url_invalid'
  | 'webhook_url_closed'
  | 'webhook_ca_unreadable'
  | 'version_conflict';

export class WebhookFault extends Fault<WebhookFaultCode> {}

export const webhookNotFound = (id: string) =>
  new WebhookFault('caller', say('webhook_not_found', { id }), { field: 'id' });

export const webhookNameTaken = (name: string) =>
  new WebhookFault('caller', say('webhook_name_taken', { name }), { field: 'name' });
