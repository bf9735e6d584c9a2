import { cloudFault } from '../../domain/mra/faults.ts';
import type { Cloud, CloudView, Enrolment } from '../../domain/mra/ports.ts';
import { fromHex } from '../../kernel/bytes.ts';
import { MalformedError } from '../../kernel/errors.ts';
import {
  type ClusterStatus,
  clusterPath,
  phoneEdgeTrustPath,
  readClusterStatus,
  settingsPath,
  writePhoneEdgeTrust,
  writeSettings,
} from '../../protocol/cloud/cluster.ts';
import {
  type Enrolled,
  enrolPath,
  readEnrolled,
  renewPath,
  writeEnrol,
  writeRenew,
} from '../../protocol/cloud/enrol.ts';
import { locatorPath, locatorsPath, readAllocations, writeAllocate } from '../../protocol/cloud/locators.ts';
import { parseVoucher, readVoucherReply, voucherPath } from '../../protocol/cloud/voucher.ts';
import { say } from '../../texts/say.ts';
import type { CloudConnections } from './cloud-connection.ts';

/** The cluster's side of spec/mra.md "Cluster ↔ cloud". */
export function cloudClient(connections: CloudConnections): Cloud {
  return {
    async enrol(to, { voucher: given, csr, name }) {
      const selfService = given === undefined;
      const text = given ?? read(await connections.ask(to, undefined, 'POST', voucherPath), readVoucherReply).voucher;
      const voucher = parseVoucher(text);
      if (voucher === undefined) throw cloudFault(say('voucher_unreadable'));
      // A fingerprint that came over a connection nobody has checked proves nothing.
      const authorityPem =
        to.authorityPem === '' && voucher.pin !== undefined && !selfService
          ? await connections.authorityByPin(to.address, voucher.pin)
          : to.authorityPem;
      const answer = await connections.ask(
        { address: to.address, authorityPem },
        undefined,
        'POST',
        enrolPath,
        writeEnrol({ voucher: text.replace(/\s+/g, ''), csr, name }),
      );
      return { ...enrolment(read(answer, readEnrolled)), authorityPem };
    },

    async renew(to, as, csr) {
      return enrolment(read(await connections.ask(to, as, 'POST', renewPath, writeRenew({ csr })), readEnrolled));
    },

    async view(to, as) {
      return viewOf(read(await connections.ask(to, as, 'GET', clusterPath), readClusterStatus));
    },

    async setSettings(to, as, { activationDomain, enabled, clusterHint }) {
      const body = writeSettings({ activationDomain, enabled, clusterHint: fromHex(clusterHint)! });
      return viewOf(read(await connections.ask(to, as, 'PUT', settingsPath, body), readClusterStatus));
    },

    async setPhoneEdgeTrust(to, as, trust) {
      const answer = await connections.ask(to, as, 'PUT', phoneEdgeTrustPath, writePhoneEdgeTrust(trust));
      return viewOf(read(answer, readClusterStatus));
    },

    async allocate(to, as, idempotencyKey, count) {
      const body = writeAllocate({ idempotencyKey, count });
      return read(await connections.ask(to, as, 'POST', locatorsPath, body), readAllocations);
    },

    async release(to, as, allocation) {
      await connections.ask(to, as, 'DELETE', locatorPath(allocation));
    },

    async leave(to, as) {
      await connections.ask(to, as, 'DELETE', clusterPath);
    },
  };
}

function read<T>({ text }: { readonly text: string }, reader: (text: string) => T): T {
  try {
    return reader(text);
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    throw cloudFault(say('cloud_answer_unreadable.because', { message: error.message }), error);
  }
}

function enrolment({ clusterId, certificateChain, notAfter, cloudKey, issuer }: Enrolled): Enrolment {
  return { clusterId, certificateChain, notAfter: new Date(notAfter), cloudKey: cloudKey.jwk, issuer };
}

function viewOf(status: ClusterStatus): CloudView {
  return {
    state: status.state,
    activationDomain: status.activationDomain,
    enabled: status.enabled,
    trustVersion: status.phoneEdgeTrust.version,
    locatorsAllocated: status.locators.allocated,
    locatorQuota: status.locators.quota,
  };
}
