import { concat, equalBytes, toHex, utf8 } from '../../kernel/bytes.ts';
import { canonicalJson } from './canonical-json.ts';
import type { KeptHead } from './head-line.ts';

/** What an audit row says, as it is hashed. */
export interface AuditRecord {
  readonly id: string;
  /** UTC with microseconds: `2026-11-21T18:00:00.123456Z`. */
  readonly at: string;
  readonly actor: string;
  readonly sourceAddress: string;
  readonly action: string;
  readonly objectKind: string;
  readonly objectId: string;
  readonly objectName: string;
  readonly detail: unknown;
  readonly node: string;
}

/** A row in its place in the chain. */
export interface SealedRecord extends AuditRecord {
  /** 1 for the first, then without gaps. */
  readonly seq: number;
  readonly prevHash: Uint8Array;
  readonly hash: Uint8Array;
}

export interface Checkpoint {
  readonly seq: number;
  /** Hash of the event with that seq. */
  readonly hash: Uint8Array;
  readonly at: string;
  readonly signature: Uint8Array;
  readonly keyId: string;
}

/** Before the first event. */
export const genesis = new Uint8Array(32);

type Sha256 = (bytes: Uint8Array) => Uint8Array;

/** SHA-256("firstring-audit-event-1" 0x00 | previous hash | canonical JSON of the record with its seq). */
export function eventHash(record: AuditRecord, seq: number, prevHash: Uint8Array, sha256: Sha256): Uint8Array {
  const { id, at, actor, sourceAddress, action, objectKind, objectId, objectName, detail, node } = record;
  const text = canonicalJson({
    seq,
    id,
    at,
    actor,
    sourceAddress,
    action,
    objectKind,
    objectId,
    objectName,
    detail,
    node,
  });
  return sha256(concat(utf8('firstring-audit-event-1\0'), prevHash, utf8(text)));
}

/** What a checkpoint signs. */
export function checkpointBytes(seq: number, hash: Uint8Array): Uint8Array {
  const number = new Uint8Array(8);
  new DataView(number.buffer).setBigUint64(0, BigInt(seq));
  return concat(utf8('firstring-audit-checkpoint-1\0'), number, hash);
}

export type ChainProblem =
  | 'changed'
  | 'rechained'
  | 'removed'
  | 'out_of_order'
  | 'relinked'
  | 'checkpoint_forged'
  | 'checkpoint_contradicts'
  | 'truncated'
  | 'unsealed'
  | 'unreadable'
  | 'heads_changed';

export interface Finding {
  /** Where; undefined for what has no place. */
  readonly seq: number | undefined;
  readonly problem: ChainProblem;
  readonly message: string;
}

export interface ChainReport {
  readonly intact: boolean;
  readonly events: number;
  readonly checkpoints: number;
  readonly firstSeq: number | undefined;
  readonly lastSeq: number | undefined;
  /** Hex of the last event's hash: written down elsewhere, it proves later that nothing was cut off. */
  readonly head: string | undefined;
  /** How many heads kept outside of the database were compared. */
  readonly keptHeads: number;
  readonly findings: readonly Finding[];
}

export interface ChainVerifierOptions {
  readonly sha256: Sha256;
  /** Undefined: the key is not known. */
  readonly verifies: (keyId: string, bytes: Uint8Array, signature: Uint8Array) => boolean | undefined;
  /** A head seen earlier: it must still be there. */
  readonly expectedHead?: KeptHead;
  /** Heads kept outside of the database, by seq: hex of the hash. Those before the first event that is read are not looked at. */
  readonly keptHeads?: ReadonlyMap<number, string>;
}

/**
 * Walks a chain in the order of its seq, each checkpoint after its event, and says what is wrong where. Every event is checked against
 * its own hash, its predecessor and the signed checkpoints, so one change shows in one place.
 */
export class ChainVerifier {
  readonly #options: ChainVerifierOptions;
  readonly #findings: Finding[] = [];
  #events = 0;
  #checkpoints = 0;
  #expectedFirst: number | undefined;
  #first: number | undefined;
  #last: { seq: number; hash: Uint8Array } | undefined;
  #signedSeq = 0;
  #headSeen = false;
  #headsSeen = 0;
  #headsWrong = 0;

  constructor(options: ChainVerifierOptions) {
    this.#options = options;
  }

  /** Where the chain must begin: a whole one at 1, an export where its header says. */
  expectFirst(seq: number): void {
    this.#expectedFirst = seq;
  }

  event(event: SealedRecord): void {
    this.#events++;
    const { seq } = event;
    const expected = (this.#last?.seq ?? seq - 1) + 1;
    if (this.#first === undefined) {
      this.#first = seq;
      const first = this.#expectedFirst;
      if (first !== undefined && seq > first)
        this.#note(
          first,
          'removed',
          seq === first + 1 ? `event ${first} is missing` : `events ${first} to ${seq - 1} are missing`,
        );
      if (seq === 1 && !equalBytes(event.prevHash, genesis))
        this.#note(seq, 'relinked', 'the first event follows something');
    } else if (seq > expected)
      this.#note(
        expected,
        'removed',
        seq === expected + 1 ? `event ${expected} is missing` : `events ${expected} to ${seq - 1} are missing`,
      );
    else if (seq < expected) this.#note(seq, 'out_of_order', `event ${seq} comes after event ${this.#last!.seq}`);
    if (!equalBytes(eventHash(event, seq, event.prevHash, this.#options.sha256), event.hash))
      this.#note(seq, 'changed', `event ${seq} (${event.action} by ${event.actor}) is not what was sealed`);
    else if (this.#last !== undefined && seq === expected && !equalBytes(event.prevHash, this.#last.hash))
      this.#note(seq, 'relinked', `event ${seq} does not follow event ${this.#last.seq} as it is now`);
    this.#last = { seq, hash: event.hash };
    const head = this.#options.expectedHead;
    if (head?.seq === seq) {
      this.#headSeen = true;
      if (toHex(event.hash) !== head.hash.toLowerCase())
        this.#note(seq, 'changed', `event ${seq} is not the one whose hash was written down`);
    }
    this.#compareKept(event);
  }

  #compareKept({ seq, hash }: SealedRecord): void {
    const kept = this.#options.keptHeads?.get(seq);
    if (kept === undefined) return;
    this.#headsSeen++;
    if (kept === toHex(hash)) return;
    // Whoever chained the past anew changed every later head too: a few say it.
    if (++this.#headsWrong <= 5)
      this.#note(seq, 'rechained', `event ${seq} is not the one that a node sealed there: the past was chained anew`);
  }

  #finishKept(): void {
    const last = this.#last?.seq ?? 0;
    const beyond = [...(this.#options.keptHeads?.keys() ?? [])].filter((seq) => seq > last);
    if (beyond.length > 0)
      this.#note(
        Math.max(...beyond.slice(-10)),
        'truncated',
        `a node sealed up to event ${Math.max(...beyond.slice(-10))}, but the chain ends at event ${last}`,
      );
  }

  /** A log of heads does not hold together. */
  headsChanged(message: string): void {
    this.#note(undefined, 'heads_changed', message);
  }

  checkpoint(checkpoint: Checkpoint): void {
    this.#checkpoints++;
    const { seq } = checkpoint;
    const verdict = this.#options.verifies(
      checkpoint.keyId,
      checkpointBytes(seq, checkpoint.hash),
      checkpoint.signature,
    );
    if (verdict !== true)
      this.#note(
        seq,
        'checkpoint_forged',
        verdict === undefined
          ? `the checkpoint at event ${seq} is signed with the unknown key ${checkpoint.keyId}`
          : `the signature of the checkpoint at event ${seq} is wrong`,
      );
    if (this.#last === undefined || seq > this.#last.seq)
      this.#note(
        seq,
        'truncated',
        `the checkpoint at event ${seq} stands, but the chain ends at event ${this.#last?.seq ?? 0}`,
      );
    else if (seq === this.#last.seq && !equalBytes(checkpoint.hash, this.#last.hash))
      this.#note(seq, 'checkpoint_contradicts', `the checkpoint at event ${seq} was made for another event`);
    this.#signedSeq = Math.max(this.#signedSeq, seq);
  }

  unreadable(message: string): void {
    this.#note(undefined, 'unreadable', message);
  }

  unsealed(count: number): void {
    this.#note(undefined, 'unsealed', `${count} events wait for longer than a minute to be sealed: does a node run?`);
  }

  finish(): ChainReport {
    const last = this.#last;
    // Sealing and signing are one transaction: a chain that does not end with a checkpoint has lost its end.
    if (last !== undefined && this.#signedSeq < last.seq)
      this.#note(last.seq, 'truncated', `the chain ends at event ${last.seq} without a checkpoint`);
    this.#finishKept();
    const head = this.#options.expectedHead;
    if (head !== undefined && !this.#headSeen)
      this.#note(head.seq, 'truncated', `event ${head.seq}, whose hash was written down, is not in the chain`);
    return {
      intact: this.#findings.length === 0,
      events: this.#events,
      checkpoints: this.#checkpoints,
      firstSeq: this.#first,
      lastSeq: last?.seq,
      head: last === undefined ? undefined : toHex(last.hash),
      keptHeads: this.#headsSeen,
      findings: this.#findings,
    };
  }

  #note(seq: number | undefined, problem: ChainProblem, message: string): void {
    // A wholly rewritten log would say the same a million times.
    if (this.#findings.length < 1000) this.#findings.push({ seq, problem, message });
  }
}
