import {
  NewWebhook,
  WebhookChange,
  WebhookDeliveries,
  WebhookDeliveryPath,
  WebhookDeliveryQuery,
  WebhookList,
  WebhookPath,
  WebhookSecret,
  WebhookTest,
  WebhookView,
} from '../../contract/webhooks.ts';
import type { Caller } from '../../domain/access/permissions.ts';
import type { Delivery, StoredWebhook } from '../../domain/webhooks/webhook.ts';
import type { WebhookFaultCode } from '../../domain/webhooks/webhook-fault.ts';
import type { WebhookService } from '../../domain/webhooks/webhook-service.ts';
import type { ProblemTable } from './problem.ts';
import { created, noContent, ok, type RestModule, route } from './route.ts';

const problems = {
  webhook_not_found: { status: 404, title: 'There is no such webhook' },
  delivery_not_found: { status: 404, title: 'There is no such delivery' },
  webhook_name_taken: { status: 409, title: 'The name is taken' },
  webhook_url_invalid: { status: 400, title: 'That is no address for a webhook' },
  webhook_url_closed: { status: 422, title: 'That address is closed' },
  webhook_ca_unreadable: { status: 400, title: 'The certificate authority cannot be read' },
  version_conflict: { status: 412, title: 'Somebody else changed it meanwhile' },
} satisfies ProblemTable<WebhookFaultCode>;

/** What a receiver answered tells of ports and hosts: only who may set addresses sees it. */
const guarded = (error: string, caller: Caller) =>
  error === '' || caller.can('system.write') ? error : 'It was not taken; who may change webhooks sees why.';

const show = ({ lastDeliveredAt, ...webhook }: StoredWebhook, caller: Caller) => ({
  ...webhook,
  lastError: guarded(webhook.lastError, caller),
  lastDeliveredAt: lastDeliveredAt?.toISOString() ?? null,
});
const showDelivery = ({ createdAt, lastAttemptAt, nextAttemptAt, ...delivery }: Delivery, caller: Caller) => ({
  ...delivery,
  lastStatus: caller.can('system.write') ? delivery.lastStatus : null,
  lastError: guarded(delivery.lastError, caller),
  createdAt: createdAt.toISOString(),
  lastAttemptAt: lastAttemptAt?.toISOString() ?? null,
  nextAttemptAt: nextAttemptAt.toISOString(),
});

export function webhookModule(webhooks: WebhookService): RestModule {
  return {
    tag: 'Webhooks',
    description: 'Other systems that are told of what happens, signed and tried again until they take it',
    problems,
    routes: [
      route({
        method: 'GET',
        path: '/webhooks',
        needs: ['system.read'],
        summary: 'List: webhook',
        description: 'Shows every system that is told, and how that goes.',
        answers: { 200: WebhookList },
        handle: async ({ caller }) => ok({ items: (await webhooks.list()).map((each) => show(each, caller)) }),
      }),
      route({
        method: 'POST',
        path: '/webhooks',
        needs: ['system.write'],
        summary: 'Add: webhook',
        description:
          'Tells another system from now on. The answer holds the secret its receiver checks signatures with, this once.',
        body: NewWebhook,
        answers: { 201: WebhookSecret },
        problems: ['webhook_name_taken', 'webhook_url_invalid', 'webhook_url_closed', 'webhook_ca_unreadable'],
        async handle({ body, caller }) {
          const { webhook, secret } = await webhooks.add(caller.actor, {
            certificateAuthority: '',
            enabled: true,
            ...body,
          });
          return created(`/webhooks/${webhook.id}`, { id: webhook.id, secret }, webhook);
        },
      }),
      route({
        method: 'GET',
        path: '/webhooks/{id}',
        needs: ['system.read'],
        summary: 'Show: webhook',
        description: 'Shows one. The ETag is its version.',
        params: WebhookPath,
        answers: { 200: WebhookView },
        problems: ['webhook_not_found'],
        async handle({ params: { id }, caller }) {
          const webhook = await webhooks.get(id);
          return ok(show(webhook, caller), webhook);
        },
      }),
      route({
        method: 'PATCH',
        path: '/webhooks/{id}',
        needs: ['system.write'],
        versioned: true,
        summary: 'Change: webhook',
        description: 'Changes what the body names and leaves the rest.',
        params: WebhookPath,
        body: WebhookChange,
        answers: { 200: WebhookView },
        problems: [
          'webhook_not_found',
          'webhook_name_taken',
          'webhook_url_invalid',
          'webhook_url_closed',
          'webhook_ca_unreadable',
          'version_conflict',
        ],
        async handle({ params: { id }, body, caller, ifMatch }) {
          const webhook = await webhooks.change(caller.actor, id, body, ifMatch);
          return ok(show(webhook, caller), webhook);
        },
      }),
      route({
        method: 'DELETE',
        path: '/webhooks/{id}',
        needs: ['system.write'],
        summary: 'Delete: webhook',
        description: 'Tells it nothing any more; what still waits for it is dropped.',
        params: WebhookPath,
        answers: { 204: null },
        problems: ['webhook_not_found'],
        async handle({ params: { id }, caller }) {
          await webhooks.remove(caller.actor, id);
          return noContent();
        },
      }),
      route({
        method: 'POST',
        path: '/webhooks/{id}/secret',
        needs: ['system.write'],
        summary: 'Renew the secret of a webhook',
        description: 'Makes a new secret, shown this once. The old one signs nothing from now on.',
        params: WebhookPath,
        answers: { 200: WebhookSecret },
        problems: ['webhook_not_found'],
        handle: async ({ params: { id }, caller }) => ok({ id, secret: await webhooks.renewSecret(caller.actor, id) }),
      }),
      route({
        method: 'POST',
        path: '/webhooks/{id}/test',
        needs: ['system.write'],
        summary: 'Test a webhook',
        description: 'Sends the event `test` now and says what came back.',
        params: WebhookPath,
        answers: { 200: WebhookTest },
        problems: ['webhook_not_found'],
        async handle({ params: { id } }) {
          const { delivered, status, error } = await webhooks.test(id);
          return ok({ delivered, status: status ?? null, error });
        },
      }),
      route({
        method: 'GET',
        path: '/webhooks/{id}/deliveries',
        needs: ['system.read'],
        summary: 'List: delivery of a webhook',
        description: 'Shows what it was told and what waits, the newest first.',
        params: WebhookPath,
        query: WebhookDeliveryQuery,
        answers: { 200: WebhookDeliveries },
        problems: ['webhook_not_found', 'invalid_cursor'],
        async handle({ params: { id }, query, caller }) {
          const page = await webhooks.deliveries(id, query);
          return ok({ ...page, items: page.items.map((each) => showDelivery(each, caller)) });
        },
      }),
      route({
        method: 'POST',
        path: '/webhooks/{id}/deliveries/{deliveryId}/repeat',
        needs: ['system.write'],
        summary: 'Repeat a delivery',
        description: 'Puts a delivery back into the queue, with all its attempts.',
        params: WebhookDeliveryPath,
        answers: { 204: null },
        problems: ['webhook_not_found', 'delivery_not_found'],
        async handle({ params: { id, deliveryId }, caller }) {
          await webhooks.repeat(caller.actor, id, deliveryId);
          return noContent();
        },
      }),
    ],
  };
}
