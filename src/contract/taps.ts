import Type, { type Static } from 'typebox';
import { SetupProblem } from './auto-registration.ts';
import { Instant, listQuery, nullable, pageOf, strict } from './common.ts';

export const TapsView = strict(
  {
    directoryNumber: nullable(Type.String(), 'The number people dial; null: none is set'),
    secured: Type.Boolean({ description: 'Callers must enter the PIN of the prepared phone’s owner' }),
    locales: Type.Array(Type.Enum(['en', 'zh']), { description: 'Languages of the prompts' }),
    ports: Type.Integer({ description: 'Calls each node takes at once' }),
    preparedPhones: Type.Integer({ minimum: 0, description: 'Records without a MAC address that TAPS may give away' }),
    autoRegisteredPhones: Type.Integer({ minimum: 0, description: 'Phones with a temporary record' }),
    nodes: Type.Array(
      strict(
        {
          node: Type.String({ description: 'What the node is called' }),
          activated: Type.Boolean({ description: 'Whether the TAPS Service is activated there' }),
          up: Type.Boolean({ description: 'Whether the node runs' }),
          openSessions: Type.Integer({ minimum: 0, description: 'Calls under way' }),
        },
        { title: 'TapsNode', description: 'TAPS on one node' },
      ),
      { description: 'Every node' },
    ),
    problems: Type.Array(SetupProblem, { description: 'Why TAPS does not work now; empty: it works' }),
  },
  { title: 'Taps', description: 'The Tool for Auto-Registered Phones Support' },
);
export type TapsView = Static<typeof TapsView>;

const outcome = Type.Enum(['open', 'mapped', 'refused', 'abandoned'], {
  description:
    'open: the call is under way; mapped: the phone has the prepared record now; refused; abandoned: hung up, or nothing entered',
});

export const TapsSessionView = strict(
  {
    id: Type.String({ description: 'Identity of the call' }),
    node: Type.String({ description: 'Node that took it' }),
    startedAt: Instant('When it was answered'),
    endedAt: nullable(Instant('When it ended'), 'When it ended; null: it is under way'),
    deviceName: Type.String({ description: 'Phone somebody called from' }),
    mac: Type.String({ description: 'Its MAC address' }),
    model: Type.String({ description: 'Its model' }),
    autoDirectoryNumber: Type.String({ description: 'Its temporary number' }),
    directoryNumber: nullable(Type.String(), 'What was entered last'),
    preparedName: nullable(Type.String(), 'The record that was found'),
    language: nullable(Type.String(), 'Language of the prompts'),
    outcome,
    reason: nullable(Type.String(), 'Stable name of the reason'),
    cause: nullable(Type.String(), 'The reason in plain words'),
    remedy: nullable(Type.String(), 'What to do'),
    sourceAddress: Type.String({ description: 'Where the phone is' }),
  },
  { title: 'TapsSession', description: 'One call to TAPS' },
);
export type TapsSessionView = Static<typeof TapsSessionView>;

export const TapsSessionPage = pageOf(TapsSessionView, 'TapsSessions');
export const TapsSessionQuery = listQuery(['startedAt'], {
  outcome: Type.Optional(outcome),
  language: Type.Optional(Type.Enum(['en', 'zh-CN'], { description: 'Language of cause and remedy' })),
});
