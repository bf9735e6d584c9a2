import Type, { type Static } from 'typebox';
import { Instant, listQuery, nullable, pageOf, strict } from './common.ts';

/** In which language causes and remedies are told. */
export const BulkLanguage = Type.Optional(
  Type.Enum(['en', 'zh-CN'], { description: 'Language of headings, causes and remedies. Default `en`' }),
);
export const BulkLanguageQuery = strict({ language: BulkLanguage });

/** What a file can be for: the field's target and transaction types. */
export const bulkTransactions = [
  'insert-phones-specific-details',
  'insert-phones-all-details',
  'update-phones',
  'phones',
] as const;
export const BulkTransaction = Type.Enum(bulkTransactions, {
  description:
    'Transaction type. `insert-phones-specific-details`: "Insert Phones - Specific Details", with a phone template; `insert-phones-all-details`: "Insert Phones - All Details", as GET /bulk/phones.csv writes it; `update-phones`: "Update Phones - Custom File"; `phones`: "Phones - Custom File", a list of phones to delete or whose codes are meant. A job offers only files of its own transaction type',
});

const fileName = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: '^[^\\u0000-\\u001f\\u007f,/\\\\:*?"<>|]+$',
  description: 'What the file is called here; without a comma',
  examples: ['new-phones.csv'],
});

export const BulkFileParams = strict({
  name: Type.String({ minLength: 1, maxLength: 200, description: 'What the file is called, percent-encoded' }),
});

export const BulkUploadQuery = strict({
  name: fileName,
  target: Type.Optional(Type.Enum(['phones'], { description: 'Target. Default `phones`' })),
  transaction: BulkTransaction,
  replace: Type.Optional(Type.Boolean({ description: 'Take the place of a file of that name. Default false' })),
  language: BulkLanguage,
});

/** A wrong row or heading. Files have all of theirs told at once. */
export const BulkError = strict(
  {
    line: Type.Integer({
      minimum: 1,
      description: 'Line of a CSV file, row of a sheet, as an editor counts them; the heading is the first',
    }),
    column: nullable(Type.String(), 'Heading of the column at fault as the file writes it; null: the row as a whole'),
    code: Type.String({ description: 'Stable name of what is wrong' }),
    value: nullable(Type.String(), 'What stands there'),
    detail: Type.String({ description: 'What is wrong, in plain words' }),
    remedy: nullable(Type.String(), 'What to do'),
  },
  {
    title: 'BulkError',
    description: 'What is wrong in one cell or row of a file',
    examples: [
      {
        line: 3,
        column: 'MAC ADDRESS',
        code: 'mac_invalid',
        value: '0011223344',
        detail: '"0011223344" is not the MAC address of a phone.',
        remedy: 'Write the 12 hex digits from the label on the phone or its box, or leave the cell blank.',
      },
    ],
  },
);
export type BulkError = Static<typeof BulkError>;

/** Something that success alone would not tell. */
export const BulkNote = strict(
  {
    column: nullable(Type.String(), 'Heading of the column it is about; null: none in particular'),
    code: Type.String({ description: 'Stable name of what is noted' }),
    value: nullable(Type.String(), 'What it is about: a heading, a number of rows, a directory number'),
    detail: Type.String({ description: 'What is left out or done otherwise than one may think, in plain words' }),
    remedy: nullable(Type.String(), 'What to do if that is not meant'),
  },
  {
    title: 'BulkNote',
    description: 'What is left out, or worth knowing although all went well',
    examples: [
      {
        column: null,
        code: 'rows_after_blank',
        value: '12',
        detail: '12 rows after the first blank one are left out: a blank row ends the file.',
        remedy: 'Take the blank row out and upload the file again, if they are meant.',
      },
    ],
  },
);
export type BulkNote = Static<typeof BulkNote>;

export const BulkFileView = strict(
  {
    name: Type.String({ description: 'What the file is called here' }),
    target: Type.Enum(['phones'], { description: 'Target' }),
    transaction: BulkTransaction,
    format: Type.Enum(['csv', 'xlsx'], { description: 'What was uploaded' }),
    size: Type.Integer({ minimum: 0, description: 'Octets' }),
    sha256: Type.String({ description: 'Of its octets, hex' }),
    rows: Type.Integer({ minimum: 0, description: 'Rows below the heading' }),
    columns: Type.Array(
      strict({
        heading: Type.String({ description: 'As the file writes it' }),
        field: nullable(
          Type.String(),
          'What the column is taken for, e.g. `mac` or `lines[0].directoryNumber`; null: it is known, but there is nothing here that it could set',
        ),
        filled: Type.Integer({ minimum: 0, description: 'Rows that hold something there' }),
      }),
      { description: 'In the order of the file' },
    ),
    ignoredRows: Type.Integer({ minimum: 0, description: 'Rows after the first blank one: a blank row ends the file' }),
    notes: Type.Array(BulkNote, {
      description:
        'What the file holds that will not be done: rows after a blank one, columns that nothing is set by, rows that will be refused as they stand, other sheets; and hidden rows and columns, which are read. In the language asked for',
    }),
    uploadedBy: Type.String({ description: 'User id' }),
    uploadedAt: Instant('When'),
  },
  {
    title: 'BulkFile',
    description: 'An uploaded file',
    examples: [
      {
        name: 'new-phones.csv',
        target: 'phones',
        transaction: 'insert-phones-specific-details',
        format: 'csv',
        size: 4711,
        sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
        rows: 120,
        columns: [
          { heading: 'MAC ADDRESS', field: 'mac', filled: 0 },
          { heading: 'LOCATION', field: null, filled: 0 },
          { heading: 'DIRECTORY NUMBER 1', field: 'lines[0].directoryNumber', filled: 120 },
        ],
        ignoredRows: 0,
        notes: [],
        uploadedBy: 'admin',
        uploadedAt: '2026-11-21T18:00:00.000Z',
      },
    ],
  },
);
export type BulkFileView = Static<typeof BulkFileView>;

export const BulkFileQuery = listQuery(['uploadedAt', 'name'], {
  language: BulkLanguage,
  transaction: Type.Optional(BulkTransaction),
});
export const BulkFilePage = pageOf(BulkFileView, 'BulkFilePage');

export const BulkTemplateQuery = strict({
  transaction: Type.Optional(BulkTransaction),
  lines: Type.Optional(Type.Integer({ minimum: 1, maximum: 20, description: 'Line columns of the sheet. Default 2' })),
  language: BulkLanguage,
});
