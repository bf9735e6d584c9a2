import Type from 'typebox';
import { listQuery, pageOf, strict } from './common.ts';

export const AuditEvent = strict(
  {
    id: Type.String({ description: 'Identity of the event' }),
    at: Type.String({ description: 'When, in UTC with microseconds' }),
    actor: Type.String({ description: 'User id, phone:<MAC>, or system' }),
    sourceAddress: Type.String({ description: 'Where the request came from' }),
    action: Type.String({ description: 'What was done: <object>.<what>' }),
    objectKind: Type.String({ description: 'To what kind of object' }),
    objectId: Type.String({ description: 'To which one' }),
    objectName: Type.String({ description: 'What it was called then' }),
    detail: Type.Record(Type.String(), Type.Unknown(), { description: 'What changed; never a secret' }),
    node: Type.String({ description: 'Where it was done' }),
    seq: Type.Union([Type.Integer(), Type.Null()], {
      description: 'Place in the chain; null until sealed, within a second',
    }),
    hash: Type.Union([Type.String(), Type.Null()], { description: 'Its hash in the chain, in hex' }),
  },
  {
    title: 'AuditEvent',
    description: 'Something somebody did',
    examples: [
      {
        id: '0b8f5f2e-3b7a-4d53-9c0e-5b1f0c2d4e6f',
        at: '2026-11-21T18:00:00.123456Z',
        actor: 'admin',
        sourceAddress: '192.0.2.7',
        action: 'device-pool.changed',
        objectKind: 'device-pool',
        objectId: '5b7b0b38-6f0c-4b4e-9a6a-3d1a5d6b1c55',
        objectName: 'Berlin',
        detail: { changed: { olsonTimeZone: ['Etc/UTC', 'Europe/Berlin'] } },
        node: 'node-a',
        seq: 17,
        hash: '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae',
      },
    ],
  },
);
export const AuditEventList = pageOf(AuditEvent, 'AuditEventList');

const exactly = (description: string) => Type.Optional(Type.String({ maxLength: 256, description }));
const instant = (description: string) => Type.Optional(Type.String({ format: 'date-time', description }));
export const AuditEventQuery = listQuery(['at'], {
  actor: exactly('Only what this one did'),
  action: exactly('Only this action; `phone` shows every action that begins with `phone.`'),
  objectKind: exactly('Only what was done to this kind'),
  objectId: exactly('Only what was done to this one'),
  objectName: exactly('Only what was done to the one of this name'),
  from: instant('Not before this instant'),
  to: instant('Before this instant'),
});
export const AuditExportQuery = strict({
  fromSeq: Type.Optional(Type.Integer({ minimum: 1, description: 'Place in the chain to begin with. Default 1' })),
});

export const AuditKeyShown = strict(
  {
    keyId: Type.String({ description: 'How checkpoints name the key' }),
    publicKeyPem: Type.String({ description: 'Ed25519 public key; keep it somewhere else to verify against' }),
  },
  {
    title: 'AuditKey',
    description: 'The key that signs the audit log',
    examples: [
      { keyId: '9c1f2e3d4b5a6978', publicKeyPem: '-----BEGIN PUBLIC KEY-----\n…\n-----END PUBLIC KEY-----\n' },
    ],
  },
);

export const AuditVerification = strict(
  {
    intact: Type.Boolean({ description: 'Whether nothing was changed, removed, moved or cut off' }),
    events: Type.Integer({ description: 'Events looked at' }),
    checkpoints: Type.Integer({ description: 'Signatures looked at' }),
    firstSeq: Type.Union([Type.Integer(), Type.Null()]),
    lastSeq: Type.Union([Type.Integer(), Type.Null()]),
    head: Type.Union([Type.String(), Type.Null()], {
      description: 'Hash of the last event: written down elsewhere, it later proves that nothing was cut off',
    }),
    findings: Type.Array(
      strict({
        seq: Type.Union([Type.Integer(), Type.Null()]),
        problem: Type.String({
          description:
            'changed, removed, out_of_order, relinked, rechained, checkpoint_forged, checkpoint_contradicts, truncated, unsealed, heads_changed',
        }),
        message: Type.String({ description: 'In plain words' }),
      }),
    ),
    keptHeads: Type.Integer({ description: 'Heads kept by this node outside of the database that were compared' }),
    notes: Type.Array(Type.String(), { description: 'What a person should know: restores that were stated' }),
    sealing: strict(
      {
        goesOn: Type.Boolean({ description: 'False: this node signs nothing until a person has looked' }),
        reason: Type.Union([Type.String(), Type.Null()], { description: 'Why it does not, in plain words' }),
      },
      { description: 'How the sealing of new events goes on this node' },
    ),
  },
  {
    title: 'AuditVerification',
    description: 'What a look at the whole chain found',
    examples: [
      {
        intact: true,
        events: 17,
        checkpoints: 4,
        firstSeq: 1,
        lastSeq: 17,
        head: '2c26b46b',
        findings: [],
        keptHeads: 4,
        notes: [],
        sealing: { goesOn: true, reason: null },
      },
    ],
  },
);
