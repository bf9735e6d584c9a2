import Type, { type Static } from 'typebox';
import { BulkError, BulkLanguage, BulkNote } from './bulk-files.ts';
import { BulkPhoneChange, PhoneSelection } from './bulk-job-requests.ts';
import { Instant, listQuery, nullable, pageOf, strict } from './common.ts';

export const bulkJobKinds = [
  'insert-phones',
  'update-phones',
  'delete-phones',
  'generate-codes',
  'release-codes',
  'e-mail-codes',
  'undo',
] as const;
export const bulkJobStates = ['pending', 'hold', 'processing', 'completed'] as const;
export const bulkJobResults = ['success', 'with-errors', 'refused', 'failed'] as const;

const JobKind = Type.Enum(bulkJobKinds, { description: 'What the job does' });
const JobState = Type.Enum(bulkJobStates, {
  description:
    '`pending`: waits for its turn or its time; `hold`: waits until it is activated; `processing`: runs, one job at a time in the whole cluster; `completed`: ended',
});

const count = (description: string) => Type.Integer({ minimum: 0, description });

export const BulkJobView = strict(
  {
    id: Type.Integer({ minimum: 1, description: 'Job id' }),
    kind: JobKind,
    description: Type.String({ description: 'Job description' }),
    state: JobState,
    result: nullable(
      Type.Enum(bulkJobResults, {
        description:
          '`success`: every row that was read, see `notes` for what was left out; `with-errors`: some rows were refused, see the rows; `refused`: the job as a whole, nothing was done; `failed`: something broke here',
      }),
      'Null until it has ended',
    ),
    phase: Type.Enum(['waiting', 'reading', 'checking', 'working', 'ended'], { description: 'How far it is' }),
    dryRun: Type.Boolean({ description: 'Whether it only shows what would be done' }),
    stopping: Type.Boolean({ description: 'It was asked to stop and ends what it is at' }),
    file: nullable(Type.String(), 'Name of the file; null: none'),
    template: nullable(
      Type.String(),
      'Name of the phone template; null: none. What it said when the job was submitted counts',
    ),
    createDummyMacAddress: Type.Boolean({ description: '"Create Dummy MAC Address"' }),
    override: Type.Boolean({ description: '"Override the existing configuration"' }),
    refuseOnErrors: Type.Boolean({ description: 'Does nothing when any row has an error' }),
    selection: nullable(PhoneSelection, 'Which phones; null: those of the file'),
    change: nullable(BulkPhoneChange, 'What all of them get; null: nothing'),
    progress: strict({
      total: count('Rows'),
      checked: count('Rows looked at'),
      done: count('Rows that are dealt with, well or not'),
      succeeded: count('Rows done, or that would be'),
      failed: count('Rows refused'),
      kept: count('Undo only: rows left as they are, because what they made has been used since'),
      noted: count('Rows that are done and have notes; counted once the job has ended'),
      percent: Type.Integer({ minimum: 0, maximum: 100, description: 'For the progress bar' }),
      rowsPerSecond: nullable(Type.Number(), 'How fast it goes; null: it does not run'),
      secondsLeft: nullable(Type.Integer({ minimum: 0 }), 'About how long it will take; null: not known'),
    }),
    refusal: nullable(
      strict({
        code: Type.String({ description: 'Stable name' }),
        detail: Type.String({ description: 'Why, in plain words' }),
        remedy: nullable(Type.String(), 'What to do'),
      }),
      'Why the job as a whole was refused or failed; null: it was not',
    ),
    notes: Type.Array(BulkNote, {
      description:
        'What success alone would not tell: what its file leaves out, columns the job does not use, and that rows have notes',
    }),
    submittedBy: Type.String({ description: 'User id' }),
    submittedAt: Instant('When'),
    runAt: nullable(Instant('When'), 'When it begins by itself; null: as soon as it can, or on hold'),
    startedAt: nullable(Instant('When'), 'When it first began'),
    endedAt: nullable(Instant('When'), 'When it ended'),
    node: nullable(Type.String(), 'Node that works on it, or did'),
    logFileName: nullable(Type.String(), '`<jobId>#<mmddyyyyhhmmss>.txt`; null until it began'),
    undoOf: nullable(Type.Integer(), 'Undo only: the job that is taken back'),
    undoneBy: nullable(Type.Integer(), 'The job that took this one back'),
    may: strict(
      {
        hold: Type.Boolean({ description: 'POST …/hold' }),
        activate: Type.Boolean({ description: 'POST …/activate' }),
        stop: Type.Boolean({ description: 'POST …/stop' }),
        run: Type.Boolean({ description: 'POST …/run: what a dry run showed' }),
        undo: Type.Boolean({ description: 'POST …/undo' }),
        delete: Type.Boolean({ description: 'DELETE' }),
      },
      { description: 'What can be done with it now' },
    ),
  },
  {
    title: 'BulkJob',
    description: 'A job of the Job Scheduler',
    examples: [
      {
        id: 17,
        kind: 'insert-phones',
        description: 'New phones of the sales department',
        state: 'processing',
        result: null,
        phase: 'working',
        dryRun: false,
        stopping: false,
        file: 'new-phones.csv',
        template: 'Sales 8845',
        createDummyMacAddress: true,
        override: false,
        refuseOnErrors: false,
        selection: null,
        change: null,
        progress: {
          total: 1200,
          checked: 1200,
          done: 300,
          succeeded: 298,
          failed: 2,
          kept: 0,
          noted: 0,
          percent: 25,
          rowsPerSecond: 80.5,
          secondsLeft: 11,
        },
        refusal: null,
        notes: [],
        submittedBy: 'admin',
        submittedAt: '2026-11-21T18:00:00.000Z',
        runAt: null,
        startedAt: '2026-11-21T18:00:01.000Z',
        endedAt: null,
        node: 'ucm-1',
        logFileName: '17#11212026180001.txt',
        undoOf: null,
        undoneBy: null,
        may: { hold: false, activate: false, stop: true, run: false, undo: false, delete: false },
      },
    ],
  },
);
export type BulkJobView = Static<typeof BulkJobView>;

export const BulkJobParams = strict({
  id: Type.Integer({ minimum: 1, maximum: 2_147_483_647, description: 'Job id' }),
});

export const BulkJobQuery = listQuery(['id'], {
  state: Type.Optional(JobState),
  kind: Type.Optional(JobKind),
  showCompleted: Type.Optional(
    Type.Boolean({ description: 'False hides completed jobs, as the Job Scheduler of the field does. Default true' }),
  ),
  language: BulkLanguage,
});
export const BulkJobPage = pageOf(BulkJobView, 'BulkJobPage');

export const BulkActivation = strict(
  { runAt: Type.Optional(Type.String({ format: 'date-time', description: 'When it shall begin; left out: now' })) },
  { title: 'BulkActivation', description: 'When a job goes on', examples: [{}, { runAt: '2026-11-22T02:00:00.000Z' }] },
);

export const BulkRunQuery = strict({
  again: Type.Optional(
    Type.Boolean({ description: 'Do it although an earlier job inserts the same rows with dummy MACs. Default false' }),
  ),
});

export const BulkUndo = strict(
  { dryRun: Type.Optional(Type.Boolean({ description: 'Only show what would be taken back. Default false' })) },
  { title: 'BulkUndo', description: 'Takes back a whole job', examples: [{}, { dryRun: true }] },
);

const rowStates = ['waiting', 'ready', 'done', 'failed', 'kept'] as const;

export const BulkRowQuery = listQuery(['line'], {
  state: Type.Optional(Type.Enum(rowStates, { description: 'Only rows in this state' })),
  action: Type.Optional(Type.String({ maxLength: 20, description: 'Only rows with this action' })),
  noted: Type.Optional(Type.Boolean({ description: 'Only rows with notes, or only others' })),
  language: BulkLanguage,
});

export const BulkRowView = strict(
  {
    line: Type.Integer({ minimum: 1, description: 'Line of the file; of a selection, its place' }),
    state: Type.Enum(rowStates, {
      description:
        '`waiting`: not looked at yet; `ready`: without errors, to be done; `done`: done, or in a dry run: would be; `failed`: refused; `kept`: undo left it, see its errors',
    }),
    action: nullable(
      Type.Enum(['add', 'change', 'delete', 'nothing', 'code', 'release', 'e-mail', 'restore'], {
        description: 'What the row does to the phone',
      }),
      'Null until it is known',
    ),
    name: nullable(Type.String(), 'Device name; of a BAT phone that a dry run shows: null'),
    mac: nullable(Type.String(), 'MAC address of the row'),
    changes: Type.Array(
      strict({
        field: Type.String({ description: 'Member of the phone' }),
        from: nullable(Type.String(), 'What it is; null: there is none yet'),
        to: nullable(Type.String(), 'What it becomes; null: nothing'),
      }),
      { description: 'Row by row what differs before and after' },
    ),
    errors: Type.Array(BulkError, { description: 'Everything that is wrong with the row; of very many the first 20' }),
    notes: Type.Array(BulkNote, {
      description:
        'What is worth knowing although the row is not refused, such as a directory number that becomes a shared line',
    }),
  },
  {
    title: 'BulkRow',
    description: 'One row of a job',
    examples: [
      {
        line: 2,
        state: 'done',
        action: 'add',
        name: 'BAT0A1B2C3D4E5F',
        mac: null,
        changes: [{ field: 'description', from: null, to: 'Anna Berg' }],
        errors: [],
        notes: [],
      },
    ],
  },
);
export type BulkRowView = Static<typeof BulkRowView>;
export const BulkRowPage = pageOf(BulkRowView, 'BulkRowPage');

/** The phones that GET /bulk/phones.csv and GET /bulk/activation-codes.csv write. */
export const BulkExportQuery = strict({
  search: Type.Optional(Type.String({ maxLength: 128, description: 'As in the list of phones' })),
  model: Type.Optional(Type.String({ maxLength: 64, description: 'Only this model' })),
  devicePool: Type.Optional(Type.String({ maxLength: 50, description: 'Only this device pool' })),
  ownerUserId: Type.Optional(Type.String({ maxLength: 128, description: 'Only phones of this user' })),
  codeState: Type.Optional(
    Type.Enum(['active', 'expired', 'locked', 'none'], { description: 'Only phones whose code is in this state' }),
  ),
  registered: Type.Optional(Type.Boolean({ description: 'Only phones that are registered now, or only others' })),
  requiresActivationCode: Type.Optional(
    Type.Boolean({ description: 'Only phones that must enter a code, or only others' }),
  ),
  job: Type.Optional(Type.Integer({ minimum: 1, description: 'Only phones this bulk job added or changed' })),
});
