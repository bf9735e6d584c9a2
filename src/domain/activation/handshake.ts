import type { Locator } from '../../identifiers/activation-code.ts';
import type { MacAddress } from '../../identifiers/mac-address.ts';
import { phoneModelOfProduct } from '../../identifiers/phone-model.ts';
import { toBase64url, utf8 } from '../../kernel/bytes.ts';
import { Fault } from '../../kernel/errors.ts';
import type { Random } from '../../kernel/random.ts';
import { say } from '../../texts/say.ts';
import type { MraOff } from '../oauth/oauth-settings.ts';
import { allAudiences, type IssuedTokens, type NewFamily, type PhoneTokens } from '../oauth/phone-tokens.ts';
import type { Sealer } from '../ports.ts';
import { Charges } from './charges.ts';
import { sealPurpose } from './codes.ts';
import type {
  ConfirmedBy,
  ConfirmedDevice,
  Debit,
  DebitTarget,
  Decoys,
  HandshakeStore,
  ProvingMic,
  RedeemedDevice,
} from './ports.ts';
import { type Refusal, refusalOf } from './refusal.ts';

/** Evaluations of spec §5 step 3, and proofs that one MIC may fail within 24 hours, whatever they are for. */
export const limits = { perMic: 5, perCode: 20, perMicAndDay: 30 } as const;

/** This MIC has failed too many proofs within a day. Depends on nothing else: not on codes, and not on what it asks for now. */
export class ProofsUsedUp extends Error {
  /** Seconds. */
  readonly retryAfter: number;
  constructor(retryAfter: number) {
    super('This certificate has failed too many proofs within a day.');
    this.name = 'ProofsUsedUp';
    this.retryAfter = retryAfter;
  }
}

/** A locator's record, real or fake; the endpoint cannot tell, and need not. */
export interface OpenedRecord {
  readonly salt: Uint8Array;
  readonly verifier: Uint8Array;
  readonly target: DebitTarget;
  /** Charged instead when the target's limits are reached. */
  readonly decoySlot: number;
  readonly startedAt: string;
  /** For the timeline, never for the phone. Undefined: no such code. */
  readonly device: { readonly id: string | undefined; readonly name: string } | undefined;
  /** The phone may be outside: it gets tokens. */
  readonly mraAllowed: boolean;
  /** What this handshake's evaluation is charged as. 16 octets, known to nobody outside. */
  readonly charge: Uint8Array;
}

/** What a phone proved: everything the activation row keeps. */
export interface Proof {
  readonly mac: MacAddress;
  /** `CP-8845`. */
  readonly product: string;
  readonly mode: 'onprem' | 'mra';
  readonly micSha256: Uint8Array;
  readonly micDer: Uint8Array;
  readonly micRootSha256: Uint8Array;
  readonly transcriptHash: Uint8Array;
  readonly m1: Uint8Array;
  readonly micAlg: string;
  readonly micSig: Uint8Array;
  /** Kf. */
  readonly confirmKey: Uint8Array;
  readonly attempt: string;
  readonly firmware: string;
  readonly sourceAddress: string;
}

export type Redemption =
  | {
      readonly kind: 'activated';
      readonly already: boolean;
      readonly device: RedeemedDevice;
      /** Undefined: the device is known by its MIC. */
      readonly digestPassword: string | undefined;
      /** Only for phones that may be outside. */
      readonly tokens: IssuedTokens | undefined;
    }
  /** `because`: what the administrator is told beyond the reason. */
  | { readonly kind: 'refused'; readonly reason: Refusal; readonly because?: MraOff };

export type Confirmation =
  | { readonly kind: 'confirmed'; readonly device: ConfirmedDevice | undefined }
  /** This MIC has no such activation. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'wrong' };

export interface HandshakeService {
  /** The record behind a locator, or one that looks and costs the same. Rejects with ProofsUsedUp. */
  open(locator: Locator, micSha256: Uint8Array): Promise<OpenedRecord>;
  /**
   * Charges the attempt, once a record. False: do the work, but with the fake outcome. Where it throws, M1 must not be looked at: what it may
   * have charged is given back. Rejects with ProofsUsedUp.
   */
  debit(record: OpenedRecord, mic: ProvingMic): Promise<boolean>;
  /** `debited`: what debit said. True when this mismatch locked the code. */
  mismatch(record: OpenedRecord, debited: boolean): Promise<boolean>;
  /** For a proof that was right. Whatever becomes of it, also when it throws: its charge is given back. */
  redeem(record: OpenedRecord, proof: Proof): Promise<Redemption>;
  /** Gives back what the database did not take while it was away. Never rejects. Call it now and then. */
  settleCharges(): Promise<void>;
  /**
   * `matches` computes conf from the kept key and transcript, and compares. `verified`: the caller still has them from this connection's
   * proof and has compared already.
   */
  confirm(
    activationId: string,
    micSha256: Uint8Array,
    matches: 'verified' | ((confirmKey: Uint8Array, transcriptHash: Uint8Array) => boolean),
  ): Promise<Confirmation>;
  /** The same MIC was authenticated elsewhere: that confirms too. Undefined when nothing waited. */
  confirmByMic(micSha256: Uint8Array, by: ConfirmedBy): Promise<ConfirmedDevice | undefined>;
}

export interface HandshakeParts {
  readonly store: HandshakeStore;
  readonly sealer: Sealer;
  readonly decoys: Decoys;
  readonly random: Random;
  readonly tokens: PhoneTokens;
  /** This node's name. */
  readonly node: string;
}

/** Redeeming is retried when the code changed between the two statements; twice is already more than ever happens. */
const redeemTries = 3;

export function handshakeService({ store, sealer, decoys, random, tokens, node }: HandshakeParts): HandshakeService {
  // Opened on the fake path so that it costs what the real one costs.
  const dummySalt = sealer.seal('activation-decoy', random.bytes(16));
  const dummyVerifier = sealer.seal('activation-decoy', random.bytes(384));
  const charges = new Charges(store);

  /** What this phone is owed comes first: it must not find its attempts used up by proofs that were right. */
  const lookup = async (locator: Locator, micSha256: Uint8Array) => {
    const found = await store.lookup(locator, micSha256, limits.perMicAndDay);
    if (found.record === undefined || !(await charges.settle(found.record.id, micSha256))) return found;
    return { ...(await store.lookup(locator, micSha256, limits.perMicAndDay)), startedAt: found.startedAt };
  };

  const usedUp = async (micSha256: Uint8Array) =>
    new ProofsUsedUp(await store.dayUsed(micSha256, limits.perMicAndDay, node));

  /** A proof that no code can be charged with is charged to a decoy: it fails like any other, and counts for the day. */
  const chargeProof = async ({ target, decoySlot, charge }: OpenedRecord, mic: ProvingMic): Promise<Debit> => {
    const debit = await store.debit(target, mic, charge, limits.perMicAndDay);
    if (debit !== 'closed' || target.kind === 'decoy') return debit;
    return store.debit({ kind: 'decoy', slot: decoySlot }, mic, charge, limits.perMicAndDay);
  };

  const issued = async (device: RedeemedDevice, family: NewFamily, micSha256: Uint8Array): Promise<IssuedTokens> => {
    const { deviceId, deviceName } = device;
    const access = await tokens.access({
      familyId: family.id,
      deviceId,
      deviceName,
      micSha256,
      audiences: allAudiences,
    });
    return { ...access, refreshToken: family.refreshToken, tokenType: 'Bearer' };
  };

  const redeem = async (
    { startedAt, mraAllowed, charge }: OpenedRecord,
    codeId: string,
    proof: Proof,
  ): Promise<Redemption> => {
    const { product, confirmKey, ...rest } = proof;
    const model = phoneModelOfProduct(product)?.name ?? product;
    const digestPassword = toBase64url(random.bytes(18));
    const family = mraAllowed || proof.mode === 'mra' ? tokens.newFamily() : undefined;
    const input = {
      ...rest,
      family,
      codeId,
      startedAt,
      model,
      node,
      charge,
      confirmKeySealed: sealer.seal(sealPurpose.confirmKey, confirmKey),
      digestPasswordSealed: sealer.seal(sealPurpose.digestPassword, utf8(digestPassword)),
    };
    const activated = async (device: RedeemedDevice, already: boolean): Promise<Redemption> => ({
      kind: 'activated',
      already,
      device,
      digestPassword: device.digest ? digestPassword : undefined,
      tokens: device.hasTokens && family ? await issued(device, family, proof.micSha256) : undefined,
    });
    const off = proof.mode === 'mra' ? tokens.mraOff() : undefined;
    if (off !== undefined) return { kind: 'refused', reason: 'mode_not_allowed', because: off };

    for (let attempt = 1; attempt <= redeemTries; attempt++) {
      const outcome = await store.redeem(input);
      if (outcome.kind === 'redeemed') return activated(outcome.device, false);
      if (outcome.kind === 'name-conflict') return { kind: 'refused', reason: 'device_name_conflict' };
      const facts = await store.explain(codeId, startedAt);
      if (facts?.state === 'consumed') {
        const repeated = await store.repeat(input);
        if (repeated) return activated(repeated, true);
      }
      const reason = refusalOf(facts, { mac: proof.mac, model, mode: proof.mode });
      if (reason) return { kind: 'refused', reason };
    }
    throw new Fault('ours', say('database_unavailable.code_changing'));
  };

  return {
    async open(locator, micSha256) {
      const { record, startedAt, dayUsed } = await lookup(locator, micSha256);
      if (dayUsed) throw await usedUp(micSha256);
      const charge = random.bytes(16);
      const decoy = decoys.of(locator);
      const fake = { target: { kind: 'decoy', slot: decoy.slot }, decoySlot: decoy.slot, charge } as const;
      if (record === undefined) {
        sealer.open('activation-decoy', dummySalt);
        sealer.open('activation-decoy', dummyVerifier);
        return { salt: decoy.salt, verifier: decoy.verifier, ...fake, startedAt, device: undefined, mraAllowed: false };
      }
      // The salt stays the real one when a code locks, or a second look would tell that it did.
      const salt = sealer.open(sealPurpose.salt(locator), record.saltSealed);
      const verifier = sealer.open(sealPurpose.verifier(locator), record.verifierSealed);
      const device = { id: record.deviceId, name: record.deviceName };
      const { mraAllowed } = record;
      const closed =
        record.state === 'locked' ||
        record.state === 'draft' ||
        record.evaluations >= limits.perCode ||
        record.evaluationsOfMic >= limits.perMic;
      return closed
        ? { salt, verifier: decoy.verifier, ...fake, startedAt, device, mraAllowed }
        : { salt, verifier, ...fake, target: { kind: 'code', codeId: record.id }, startedAt, device, mraAllowed };
    },

    async debit(record, mic) {
      let debit: Debit;
      try {
        debit = await chargeProof(record, mic);
      } catch (error) {
        // It may have been charged all the same. Not now: a statement whose connection broke may still be running.
        const { target } = record;
        if (target.kind === 'code')
          charges.owe({ codeId: target.codeId, micSha256: mic.sha256, charge: record.charge });
        throw error;
      }
      if (debit === 'day_used') throw await usedUp(mic.sha256);
      return debit === 'charged';
    },

    mismatch: (record, debited) =>
      store.settleMismatch(debited ? record.target : { kind: 'decoy', slot: record.decoySlot }, node),

    async redeem(record, proof) {
      // A decoy's verifier has no known code: nobody can prove it.
      if (record.target.kind === 'decoy') throw new Error('a decoy cannot be redeemed');
      const { codeId } = record.target;
      const charge = { codeId, micSha256: proof.micSha256, charge: record.charge };
      try {
        const redemption = await redeem(record, codeId, proof);
        if (redemption.kind === 'refused') await charges.giveBack(charge);
        return redemption;
      } catch (error) {
        await charges.giveBack(charge);
        throw error;
      }
    },

    settleCharges: () => charges.settleAll(),

    async confirm(activationId, micSha256, matches) {
      if (matches === 'verified') {
        return { kind: 'confirmed', device: await store.confirm(activationId, micSha256, 'message', node) };
      }
      const waiting = await store.confirmable(activationId, micSha256);
      if (waiting === undefined) return { kind: 'unknown' };
      // Its key is gone once confirmed: idempotent for the MIC that owns it.
      if (waiting.confirmed || waiting.confirmKeySealed === undefined) return { kind: 'confirmed', device: undefined };
      const key = sealer.open(sealPurpose.confirmKey, waiting.confirmKeySealed);
      if (!matches(key, waiting.transcriptHash)) return { kind: 'wrong' };
      return { kind: 'confirmed', device: await store.confirm(activationId, micSha256, 'message', node) };
    },

    confirmByMic: (micSha256, by) => store.confirmByMic(micSha256, by, node),
  };
}
