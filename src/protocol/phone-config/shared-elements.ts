import { MalformedError } from '../../kernel/errors.ts';
import {
  type CallManagerGroup,
  type CallManagerMember,
  type Onboarding,
  type OnboardingMethod,
  onboardingNamespace,
  type TvsMember,
} from './model.ts';
import { childOf, childrenOf, numberOf, textOf, type XmlTree } from './xml-reader.ts';
import { branch, leaf, type XmlElement } from './xml-writer.ts';

/** Elements that XMLDefault and SEP files share, written and read. */

/** Phones read at most five members (reference/field-facts.md §2.1). */
export const maxMembers = 5;

export function writeCallManagerGroup(group: CallManagerGroup): XmlElement {
  return branch('callManagerGroup', [
    leaf('name', group.name),
    leaf('tftpDefault', group.tftpDefault),
    branch('members', group.members.slice(0, maxMembers).map(writeMember)),
  ]);
}

function writeMember(member: CallManagerMember): XmlElement {
  const ports = branch('ports', [
    leaf('ethernetPhonePort', 2000),
    leaf('sipPort', member.sipPort),
    leaf('securedSipPort', member.securedSipPort),
    branch('mgcpPorts', [leaf('listen', 2427), leaf('keepAlive', 2428)]),
  ]);
  const callManager = branch('callManager', [
    leaf('name', member.name),
    leaf('description', member.description),
    ports,
    leaf('processNodeName', member.processNodeName),
  ]);
  return branch('member', [callManager], { priority: member.priority });
}

export function writeTvs(members: readonly TvsMember[]): XmlElement {
  const each = members
    .slice(0, maxMembers)
    .map(({ priority, port, address }) =>
      branch('member', [leaf('port', port), leaf('address', address)], { priority }),
    );
  return branch('TVS', [branch('members', each)]);
}

export function writeOnboarding(onboarding: Onboarding): XmlElement {
  return branch(
    'onboarding',
    [
      ...onboarding.methods.map(({ model, method }) => leaf('method', method, { model })),
      branch(
        'deviceActivation',
        onboarding.deviceActivation.map(({ priority, url }) => branch('member', [leaf('url', url)], { priority })),
      ),
    ],
    { xmlns: onboardingNamespace },
  );
}

/** In the file of an MRA phone: the domain it is assigned to. */
export function writeMra({ serviceDomain }: { readonly serviceDomain: string }): XmlElement {
  return branch('onboarding', [branch('mra', [leaf('serviceDomain', serviceDomain)])], { xmlns: onboardingNamespace });
}

export function readCallManagerGroup(tree: XmlTree | undefined): CallManagerGroup {
  const members = childrenOf(childOf(tree, 'members'), 'member').map((member): CallManagerMember => {
    const callManager = childOf(member, 'callManager');
    const ports = childOf(callManager, 'ports');
    return {
      priority: priorityOf(member),
      name: textOf(callManager, 'name'),
      description: textOf(callManager, 'description'),
      processNodeName: textOf(callManager, 'processNodeName'),
      sipPort: numberOf(ports, 'sipPort', 1, 65535, 5060),
      securedSipPort: numberOf(ports, 'securedSipPort', 1, 65535, 5061),
    };
  });
  return {
    name: textOf(tree, 'name'),
    tftpDefault: textOf(tree, 'tftpDefault') === 'true',
    members: members.sort((a, b) => a.priority - b.priority).slice(0, maxMembers),
  };
}

export function readTvs(tree: XmlTree | undefined): TvsMember[] {
  return childrenOf(childOf(tree, 'members'), 'member')
    .map((member) => ({
      priority: priorityOf(member),
      address: textOf(member, 'address'),
      port: numberOf(member, 'port', 1, 65535, 2445),
    }))
    .sort((a, b) => a.priority - b.priority)
    .slice(0, maxMembers);
}

/** Undefined when the file has no block of ours. Throws MalformedError when it has one that says nonsense. */
export function readOnboarding(parent: XmlTree): Onboarding | undefined {
  const block = parent.children.find((each) => each.name === 'onboarding' && each.namespace === onboardingNamespace);
  if (block === undefined) return undefined;
  const methods = childrenOf(block, 'method').map((each) => {
    const model = each.attributes['model'];
    if (model === undefined) throw new MalformedError('an onboarding method lacks its model');
    return { model, method: methodOf(each.text.trim()) };
  });
  const deviceActivation = childrenOf(childOf(block, 'deviceActivation'), 'member')
    .map((member) => ({ priority: priorityOf(member), url: textOf(member, 'url') }))
    .sort((a, b) => a.priority - b.priority);
  for (const { url } of deviceActivation) {
    if (!/^https:\/\/[^\s/?#@]+$/.test(url)) throw new MalformedError('an activation service is an https:// origin');
  }
  return { methods, deviceActivation };
}

/** Undefined in the file of a phone on premises. Throws MalformedError when the domain is none. */
export function readMra(parent: XmlTree): { readonly serviceDomain: string } | undefined {
  const block = parent.children.find((each) => each.name === 'onboarding' && each.namespace === onboardingNamespace);
  const mra = childOf(block, 'mra');
  if (mra === undefined) return undefined;
  const serviceDomain = textOf(mra, 'serviceDomain').toLowerCase();
  if (
    !/^(?=.{3,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(
      serviceDomain,
    )
  ) {
    throw new MalformedError('an MRA service domain is a domain name');
  }
  return { serviceDomain };
}

function methodOf(text: string): OnboardingMethod {
  if (text === 'ActivationCode' || text === 'AutoRegistration') return text;
  throw new MalformedError('unknown onboarding method');
}

function priorityOf(member: XmlTree): number {
  const text = member.attributes['priority'] ?? '';
  if (!/^[0-9]{1,2}$/.test(text)) throw new MalformedError('a member lacks its priority');
  return Number(text);
}
