import { Fault } from '../../kernel/errors.ts';

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
  new WebhookFault('caller', 'webhook_not_found', `There is no webhook ${id}.`, {
    field: 'id',
    remedy: 'List the webhooks to see their ids.',
  });

export const webhookNameTaken = (name: string) =>
  new WebhookFault('caller', 'webhook_name_taken', `There is already a webhook "${name}".`, {
    field: 'name',
    remedy: 'Choose another name.',
  });
