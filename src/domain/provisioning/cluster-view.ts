import { urlHost } from '../../identifiers/host.ts';
import { parsePhoneModel } from '../../identifiers/phone-model.ts';
import type { ClusterFacts, NodeFacts } from './facts.ts';

/** Names as Service Activation has them. */
export const service = {
  callManager: 'CallManager',
  tvs: 'Trust Verification Service',
  activation: 'Device Activation Service',
} as const;

const standardPorts = { https: 8443, das: 9446, tvs: 2445, sip: 5060, sipTls: 5061 } as const;
/** Phones read at most five members of a list. */
const maxMembers = 5;

function portOf(node: NodeFacts, listener: keyof typeof standardPorts): number {
  return node.ports[listener] ?? standardPorts[listener];
}

/** `https://host:port`, with IPv6 addresses in brackets. */
function originOf(node: NodeFacts, listener: 'https' | 'das'): string {
  return `https://${urlHost(node.address)}:${portOf(node, listener)}`;
}

function serving(nodes: readonly NodeFacts[], name: string): NodeFacts[] {
  return nodes.filter((node) => !node.servicesOff.includes(name));
}

/** Where phones register: the group's members whose CallManager service is on, in order of priority. */
export function callManagerGroupOf(cluster: ClusterFacts) {
  const members = serving(cluster.nodes, service.callManager).filter((node) => node.priority !== undefined);
  return {
    name: cluster.groupName,
    tftpDefault: cluster.tftpDefault,
    members: members.slice(0, maxMembers).map((node, priority) => ({
      priority,
      name: node.name,
      description: node.description,
      processNodeName: node.address,
      sipPort: portOf(node, 'sip'),
      securedSipPort: portOf(node, 'sipTls'),
    })),
  };
}

export function tvsMembersOf(cluster: ClusterFacts) {
  return serving(cluster.nodes, service.tvs)
    .slice(0, maxMembers)
    .map((node, priority) => ({ priority, address: node.address, port: portOf(node, 'tvs') }));
}

/**
 * Our own block: how each supported model gets in, and where codes are redeemed (spec/activation.md §4 step 0). With the service off
 * everywhere all nodes are listed: they answer `busy` and say why, which is clearer to a phone than no address at all.
 */
export function onboardingOf(cluster: ClusterFacts) {
  const active = serving(cluster.nodes, service.activation);
  return {
    methods: cluster.deviceDefaults.map(({ model, onboardingMethod }) => ({ model, method: onboardingMethod })),
    deviceActivation: (active.length > 0 ? active : cluster.nodes).map((node, priority) => ({
      priority,
      url: originOf(node, 'das'),
    })),
  };
}

/** Base of the phone services; empty when no node of the group is up. */
export function servicesUrlOf(cluster: ClusterFacts): string {
  const node = cluster.nodes[0];
  return node === undefined ? '' : originOf(node, 'https');
}

/** What XMLDefault.cnf.xml says. */
export function assembleDefault(cluster: ClusterFacts) {
  return {
    autoRegistrationName: 'AUTO-REG',
    autoRegistration: cluster.autoRegistration,
    callManagerGroup: callManagerGroupOf(cluster),
    tvs: tvsMembersOf(cluster),
    loads: cluster.deviceDefaults.flatMap(({ model, load }) => {
      const known = parsePhoneModel(model);
      return known === undefined || load === '' ? [] : [{ typeId: known.typeId, model, load }];
    }),
    onboarding: onboardingOf(cluster),
  };
}
