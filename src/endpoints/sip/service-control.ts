import type { Binding } from '../../domain/registration/binding.ts';
import { utf8 } from '../../kernel/bytes.ts';
import { buildRequest, newCallId, newTag } from '../../protocol/sip/build.ts';
import {
  type ServiceControlAction,
  serviceControlBody,
  serviceControlEvent,
  serviceControlType,
} from '../../protocol/sip/service-control.ts';
import { uriHost } from './flow.ts';
import type { SipNode } from './sip-node.ts';

/** no-flow: registered, but its connection is gone. silent: no answer within 32 s. */
export type NotifyResult = 'accepted' | 'refused' | 'silent' | 'no-flow';

/** NOTIFY, Event: service-control, to one binding (reference/field-facts.md §7.3). */
export function sendServiceControl(
  node: SipNode,
  binding: Binding,
  action: ServiceControlAction,
  configVersionStamp: string | undefined,
): Promise<NotifyResult> {
  const flow = node.flowTo(binding);
  if (flow === undefined) return Promise.resolve('no-flow');
  const { random } = node.options;
  const us = node.hostPort(flow);
  const branch = node.newBranch();
  const body = serviceControlBody({
    action,
    registerCallId: binding.callId,
    ...(configVersionStamp === undefined ? {} : { configVersionStamp }),
  });
  const request = buildRequest({
    method: 'NOTIFY',
    uri: binding.contact,
    via: node.viaFor(flow, branch),
    from: `<sip:${us}>;tag=${newTag(random)}`,
    to: `<sip:${binding.numbers[0] ?? binding.deviceName}@${us}>`,
    callId: newCallId(random, uriHost(flow.localAddress)),
    cseq: 101,
    headers: [
      ['Event', serviceControlEvent],
      ['Subscription-State', 'active'],
      ['Contact', `<sip:${us};transport=${flow.transport}>`],
      ['Content-Type', serviceControlType],
    ],
    body: utf8(body),
  });
  return new Promise((resolve) => {
    node.openClient(request, branch, flow, {
      response: (response) => {
        if (response.status >= 200) resolve(response.status < 300 ? 'accepted' : 'refused');
      },
      failed: (status) => resolve(status === 503 ? 'no-flow' : 'silent'),
    });
  });
}
