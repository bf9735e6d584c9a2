import Type from 'typebox';
import { nullable, strict, text } from './common.ts';

/** Which phones are meant: by a query as the list of phones takes it, by name, or by an uploaded file. */
export const PhoneSelection = strict(
  {
    query: Type.Optional(
      strict({
        all: Type.Optional(
          Type.Boolean({ description: 'Every phone; needed where no other member of the query is given' }),
        ),
        search: Type.Optional(Type.String({ maxLength: 128, description: 'As in the list of phones' })),
        model: Type.Optional(Type.String({ maxLength: 64, description: 'Only this model' })),
        devicePool: Type.Optional(Type.String({ maxLength: 50, description: 'Only this device pool' })),
        ownerUserId: Type.Optional(Type.String({ maxLength: 128, description: 'Only phones of this user' })),
        codeState: Type.Optional(
          Type.Enum(['active', 'expired', 'locked', 'none'], {
            description: 'Only phones whose code is in this state',
          }),
        ),
        registered: Type.Optional(Type.Boolean({ description: 'Only phones that are registered now, or only others' })),
        requiresActivationCode: Type.Optional(
          Type.Boolean({ description: 'Only phones that must enter a code, or only others' }),
        ),
        job: Type.Optional(Type.Integer({ minimum: 1, description: 'Only phones this bulk job added or changed' })),
      }),
    ),
    names: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 64 }), {
        minItems: 1,
        maxItems: 10_000,
        description: 'Device names',
      }),
    ),
    file: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: 'Uploaded file that lists them' })),
  },
  {
    title: 'PhoneSelection',
    description: 'Which phones are meant; exactly one of the three',
    minProperties: 1,
    maxProperties: 1,
    examples: [{ query: { devicePool: 'Default', codeState: 'expired' } }, { names: ['SEP001122334455'] }],
  },
);

const submit = {
  description: Type.Optional(text(128, 'Job description')),
  run: Type.Optional(
    Type.Enum(['immediately', 'later'], {
      description:
        '"Run Immediately", as soon as no other job runs; "Run Later": the job waits in the Job Scheduler until `runAt`, or on hold until it is activated. Default `immediately`',
    }),
  ),
  runAt: Type.Optional(Type.String({ format: 'date-time', description: 'When a later job begins by itself' })),
  dryRun: Type.Optional(
    Type.Boolean({ description: 'Only show, row by row, what would be made, changed or refused. Default false' }),
  ),
  refuseOnErrors: Type.Optional(
    Type.Boolean({
      description: 'Do nothing at all when any row has an error. Default false: the rows without errors are done',
    }),
  ),
};

export const InsertPhones = strict(
  {
    file: Type.String({
      minLength: 1,
      maxLength: 100,
      description: 'Uploaded file, of an "Insert Phones" transaction',
    }),
    template: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 50,
        description: 'Phone template; needed for "Specific Details", not taken for "All Details"',
      }),
    ),
    createDummyMacAddress: Type.Optional(
      Type.Boolean({
        description:
          '"Create Dummy MAC Address": every phone is BAT. A MAC address in any row refuses the whole job. Default false',
      }),
    ),
    override: Type.Optional(
      Type.Boolean({
        description:
          '"Override the existing configuration": a row whose phone exists changes it, instead of being an error. Default false',
      }),
    ),
    again: Type.Optional(
      Type.Boolean({
        description:
          'Only with Create Dummy MAC Address: do it although a job of the last 30 days inserts the same rows, which makes every phone a second time. Default false: such a job is refused with `bulk_file_done_before`',
      }),
    ),
    ...submit,
  },
  {
    title: 'InsertPhones',
    description: 'Bulk Administration > Phones > Insert Phones',
    examples: [
      { file: 'new-phones.csv', template: 'Sales 8845', createDummyMacAddress: true, run: 'immediately' },
      { file: 'new-phones.csv', template: 'Sales 8845', createDummyMacAddress: true, dryRun: true },
    ],
  },
);

export const BulkPhoneChange = strict(
  {
    description: Type.Optional(text(128, 'What people call the phones')),
    devicePool: Type.Optional(Type.String({ minLength: 1, maxLength: 50, description: 'Device pool' })),
    phoneButtonTemplate: Type.Optional(
      Type.String({ minLength: 1, maxLength: 50, description: 'Phone button template' }),
    ),
    phoneSecurityProfile: Type.Optional(
      Type.String({ minLength: 1, maxLength: 64, description: 'Phone security profile' }),
    ),
    sipProfile: Type.Optional(Type.String({ minLength: 1, maxLength: 50, description: 'SIP profile' })),
    commonPhoneProfile: Type.Optional(
      Type.String({ minLength: 1, maxLength: 50, description: 'Common phone profile' }),
    ),
    mraServiceDomain: Type.Optional(
      nullable(Type.String({ minLength: 1, maxLength: 253 }), 'MRA service domain; null: that of the device pool'),
    ),
    ownerUserId: Type.Optional(nullable(Type.String({ maxLength: 128 }), 'User id of the owner; null: nobody')),
    requiresActivationCode: Type.Optional(
      Type.Boolean({
        description: 'True makes a code and locks the phones: those that are registered drop out of service',
      }),
    ),
    allowActivationCodeViaMra: Type.Optional(Type.Boolean({ description: '"Allow Activation Code via MRA"' })),
    enabled: Type.Optional(Type.Boolean({ description: 'Whether the phones are served at all' })),
  },
  {
    title: 'BulkPhoneChange',
    description: 'What all selected phones shall have; members left out stay',
    minProperties: 1,
    examples: [{ devicePool: 'Branch' }],
  },
);

export const UpdatePhones = strict(
  {
    selection: PhoneSelection,
    change: Type.Optional(BulkPhoneChange),
    ...submit,
  },
  {
    title: 'UpdatePhones',
    description:
      'Bulk Administration > Phones > Update Phones: by query or by names with `change`; by a file of the transaction `update-phones`, whose columns say what each row changes (a blank cell leaves it, `<None>` clears it), with or without `change`',
    examples: [{ selection: { query: { devicePool: 'Default' } }, change: { devicePool: 'Branch' } }],
  },
);

export const DeletePhones = strict(
  {
    selection: PhoneSelection,
    removeUnusedLines: Type.Optional(
      Type.Boolean({ description: 'Also removes lines that no other phone has. Default false' }),
    ),
    ...submit,
  },
  {
    title: 'DeletePhones',
    description: 'Bulk Administration > Phones > Delete Phones',
    examples: [{ selection: { names: ['SEP001122334455'] }, dryRun: true }],
  },
);

export const CodeJob = strict(
  {
    action: Type.Enum(['generate', 'release', 'e-mail'], {
      description:
        '`generate`: a new code for each phone, which locks phones that are in service; `release`: the codes there are work no more; `e-mail`: each owner is sent the code of the phone',
    }),
    selection: PhoneSelection,
    ...submit,
  },
  {
    title: 'CodeJob',
    description: 'Activation codes of many phones',
    examples: [{ action: 'generate', selection: { query: { codeState: 'expired' } } }],
  },
);
