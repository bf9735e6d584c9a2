import type { SentenceTexts } from '../sentence.ts';

/** Sentences about rows, cells and headings of bulk files. */
export const rowsEn = {
  activated_since: [
    '{name} was activated since.',
    'It is left as it is. Change or delete it by hand where that is wanted.',
  ],
  cannot_be_taken_back: ['This cannot be taken back.', 'Change the phone by hand where needed.'],
  cell_boolean: [
    'The cell holds yes or no, not text: the sheet shows {stored}, or that word in the language of its program.',
    'Format the column as Text, then type the value again as it shall be.',
  ],
  cell_date: [
    'The cell is a date: the sheet shows {shown|json}, and {stored|json} is stored.',
    'Format the column as Text, then type the value again as it shall be.',
  ],
  'cell_date.number_format': [
    'The cell is a date: the number format {format} changes how it is shown, and {stored|json} is stored.',
    'Format the column as Text, then type the value again as it shall be.',
  ],
  'cell_date.shows_nothing': [
    'The cell is a date: the sheet shows nothing, and {stored|json} is stored.',
    'Format the column as Text, then type the value again as it shall be.',
  ],
  'cell_date.stores_nothing': [
    'The cell is a date: the sheet shows {shown|json}, and nothing is stored.',
    'Format the column as Text, then type the value again as it shall be.',
  ],
  cell_error: ['The cell holds an error: the sheet shows {stored}.', 'Correct the formula, or type the value.'],
  'cell_error.typed': [
    'The cell holds an error of the spreadsheet: {value}.',
    'Correct the formula, or type the value.',
  ],
  cell_format: [
    'What is stored is not what is shown: the sheet shows {shown|json}, and {stored|json} is stored.',
    'Format the column as Text, then type the value again as it shall be.',
  ],
  'cell_format.number_format': [
    'What is stored is not what is shown: the number format {format} changes how it is shown, and {stored|json} is stored.',
    'Format the column as Text, then type the value again as it shall be.',
  ],
  'cell_format.shows_nothing': [
    'What is stored is not what is shown: the sheet shows nothing, and {stored|json} is stored.',
    'Format the column as Text, then type the value again as it shall be.',
  ],
  'cell_format.stores_nothing': [
    'What is stored is not what is shown: the sheet shows {shown|json}, and nothing is stored.',
    'Format the column as Text, then type the value again as it shall be.',
  ],
  cell_formula: [
    'The cell holds a formula whose result is not in the file.',
    'Open the workbook in a spreadsheet program, let it calculate, and save it; or replace the formula by its value.',
  ],
  cell_merged: [
    'Cells of the rows {from} to {to} are merged: the sheet shows one value for all of them, and only the first holds it.',
    'Unmerge the cells and write the value into each of them.',
  ],
  cell_rounded: [
    'The number has more digits than a spreadsheet keeps: the sheet shows {shown|json}, and {stored|json} is stored.',
    'Format the column as Text, then type the value again as it shall be.',
  ],
  'cell_rounded.number_format': [
    'The number has more digits than a spreadsheet keeps: the number format {format} changes how it is shown, and {stored|json} is stored.',
    'Format the column as Text, then type the value again as it shall be.',
  ],
  'cell_rounded.shows_nothing': [
    'The number has more digits than a spreadsheet keeps: the sheet shows nothing, and {stored|json} is stored.',
    'Format the column as Text, then type the value again as it shall be.',
  ],
  'cell_rounded.stores_nothing': [
    'The number has more digits than a spreadsheet keeps: the sheet shows {shown|json}, and nothing is stored.',
    'Format the column as Text, then type the value again as it shall be.',
  ],
  cell_too_long: [
    'A cell holds more text than a cell of a phone file may.',
    'Shorten the text: a cell holds at most {most} characters.',
  ],
  changed_since: [
    '{name} was changed since.',
    'It is left as it is. Change or delete it by hand where that is wanted.',
  ],
  code_used_since: [
    'The activation code of {name} was used since.',
    'It is left as it is. Change or delete it by hand where that is wanted.',
  ],
  column_ignored: [
    'The column {heading} is left out: nothing here is set by it; {rows} rows hold something there.',
    '',
  ],
  'column_ignored.one': [
    'The column {heading} is left out: nothing here is set by it; 1 row holds something there.',
    '',
  ],
  column_not_used: ['The column {heading} is not used: the file says only which phones are meant.', ''],
  column_without_heading: [
    'Column {column} has no heading and is left out; {rows} rows hold something there.',
    'Write a heading above it, if it is meant.',
  ],
  'column_without_heading.one': [
    'Column {column} has no heading and is left out; 1 row holds something there.',
    'Write a heading above it, if it is meant.',
  ],
  damaged: ['The workbook is damaged.', 'Save it again.'],
  'directory_number_invalid.apostrophe': [
    '{value|json} is not a directory number: it begins with an apostrophe.',
    'Take the apostrophe out of the file.',
  ],
  'directory_number_invalid.date': [
    '{value|json} is not a directory number: the spreadsheet took the directory number for a date.',
    'Format the column as Text in the spreadsheet, then type the value again.',
  ],
  'directory_number_invalid.decimal': [
    '{value|json} is not a directory number: a program took the directory number for a number and put decimals after it.',
    'Format the column as Text in the spreadsheet, then type the value again; look whether zeros at its beginning are lost too.',
  ],
  'directory_number_invalid.invisible': [
    '{value|json} is not a directory number: it holds characters that cannot be seen, as copying from mails and web pages brings them.',
    'Type it by hand, or paste it as plain text.',
  ],
  'directory_number_invalid.letter_o': [
    '{value|json} is not a directory number: it has the letter O where a digit 0 belongs.',
    'Write the digit 0.',
  ],
  'directory_number_invalid.rounded': [
    '{value|json} is not a directory number: the spreadsheet took the directory number for a number and rounded it.',
    'Format the column as Text in the spreadsheet, then type the value again from where it came from: what is missing cannot be got back.',
  ],
  'directory_number_invalid.separators': [
    '{value|json} is not a directory number: its separators are of several kinds, or stand where none belong.',
    'Write the 12 hex digits without anything between them, or as 00:11:22:33:44:55.',
  ],
  'directory_number_invalid.zeros_lost': [
    '{value|json} is not a directory number: it has fewer than 12 hex digits: the spreadsheet may have taken it for a number and dropped the zeros in front.',
    'Format the column as Text in the spreadsheet, then type the value again from the label on the phone or its box, all 12 digits.',
  ],
  duplicate_in_file: ['Line {line} names {value} already.', 'Take one of the two rows out.'],
  duplicate_column: ['{heading} and {other} mean the same.', 'Take one of the two columns out.'],
  external_links: [
    'The workbook refers to other workbooks.',
    'Replace the references by their values and save it again.',
  ],
  field_too_long: ['A field is longer than allowed.', 'Look whether a quote is not closed.'],
  file_empty: ['The file is empty.', 'The first line holds the headings; see the template.'],
  flag_invalid: ['{value|json} is neither yes nor no.', 'Write t for yes or f for no, or leave the cell blank.'],
  hidden_columns: [
    'Hidden columns of the sheet are read like the others: {headings}.',
    'Delete them from the sheet, if they are not meant.',
  ],
  hidden_rows: [
    '{rows} rows of the sheet are hidden, and read like the others.',
    'Delete them from the sheet, if they are not meant.',
  ],
  'hidden_rows.one': [
    '1 row of the sheet is hidden, and read like the others.',
    'Delete them from the sheet, if they are not meant.',
  ],
  identity_conflict: [
    'MAC address and device name of the row are of two phones.',
    'Correct one of them, or leave one blank.',
  ],
  'internal.job': [
    'Something broke here. Rows that are done stay done; the others were not begun.',
    'Look into the log of the node. Submit the job again with the rows that are missing.',
  ],
  line_settings_stay: [
    'The line {line} exists: its line description and alerting name stay as they are.',
    'Change them on the page of the directory number, if they are meant.',
  ],
  line_without_number: [
    'Line {place} has no directory number.',
    'Write its directory number, or leave its other cells blank.',
  ],
  'mac_invalid.apostrophe': [
    '{value|json} is not the MAC address of a phone: it begins with an apostrophe.',
    'Take the apostrophe out of the file.',
  ],
  'mac_invalid.cell': [
    '{value|json} is not the MAC address of a phone.',
    'Write the 12 hex digits from the label on the phone or its box, as text, or leave the cell blank and use Create Dummy MAC Address.',
  ],
  'mac_invalid.date': [
    '{value|json} is not the MAC address of a phone: the spreadsheet took the MAC address for a date.',
    'Format the column as Text in the spreadsheet, then type the value again.',
  ],
  'mac_invalid.decimal': [
    '{value|json} is not the MAC address of a phone: a program took the MAC address for a number and put decimals after it.',
    'Format the column as Text in the spreadsheet, then type the value again; look whether zeros at its beginning are lost too.',
  ],
  'mac_invalid.invisible': [
    '{value|json} is not the MAC address of a phone: it holds characters that cannot be seen, as copying from mails and web pages brings them.',
    'Type it by hand, or paste it as plain text.',
  ],
  'mac_invalid.letter_o': [
    '{value|json} is not the MAC address of a phone: it has the letter O where a digit 0 belongs.',
    'Write the digit 0.',
  ],
  'mac_invalid.rounded': [
    '{value|json} is not the MAC address of a phone: the spreadsheet took the MAC address for a number and rounded it.',
    'Format the column as Text in the spreadsheet, then type the value again from where it came from: what is missing cannot be got back.',
  ],
  'mac_invalid.separators': [
    '{value|json} is not the MAC address of a phone: its separators are of several kinds, or stand where none belong.',
    'Write the 12 hex digits without anything between them, or as 00:11:22:33:44:55.',
  ],
  'mac_invalid.zeros_lost': [
    '{value|json} is not the MAC address of a phone: it has fewer than 12 hex digits: the spreadsheet may have taken it for a number and dropped the zeros in front.',
    'Format the column as Text in the spreadsheet, then type the value again from the label on the phone or its box, all 12 digits.',
  ],
  mac_missing: [
    'The row has no MAC address.',
    'Write the MAC address of the phone, or tick Create Dummy MAC Address for the whole job.',
  ],
  mac_with_dummy: [
    'The row has a MAC address, and Create Dummy MAC Address is ticked.',
    'Leave the MAC address blank in all rows, or do not tick Create Dummy MAC Address.',
  ],
  'mac_with_dummy.rows': [
    'Create Dummy MAC Address is ticked, and {rows} rows have a MAC address. Nothing was done.',
    'Leave the MAC address blank in all rows, or do not tick Create Dummy MAC Address.',
  ],
  macros: ['The workbook holds macros.', 'Save it as an Excel workbook (.xlsx) without macros.'],
  missing_column: ['No column says which phone a row is about.', 'Add a column DEVICE NAME or MAC ADDRESS.'],
  'missing_column.model': [
    'No column DEVICE TYPE says the model of the phones.',
    'Add it, or upload the file as "Insert Phones - Specific Details" and use a phone template.',
  ],
  model_differs: [
    'The row is for a {model}, the phone template "{template}" for a {templateModel}.',
    'All rows of a job are phones of the model of its template: use one file and template per model.',
  ],
  model_missing: ['The row does not say the model of the phone.', 'Write it, e.g. Cisco 8845.'],
  more_lines_than_template: [
    'The row has a line {place}, but the phone template "{template}" has {templateLines}.',
    'Add lines to the phone template, or take the line out.',
  ],
  name_taken_since: ['There is a phone {name} again.', 'It is left as it is.'],
  no_heading: [
    'The first line holds no heading of a phone file.',
    'The first line holds the headings, e.g. MAC ADDRESS,DESCRIPTION,DIRECTORY NUMBER 1; see the template.',
  ],
  no_rows: ['There is no row below the headings.', 'Add a row for each phone.'],
  not_utf8: ['The file is not UTF-8.', 'Save it as "CSV UTF-8" in the spreadsheet program, or upload the .xlsx.'],
  not_xlsx: ['This is not an .xlsx workbook.', 'Save it as an Excel workbook (.xlsx).'],
  number_invalid: ['{value|json} is not a number from {least} to {most}.', 'Write a number from {least} to {most}.'],
  other_sheets: [
    'One sheet is read; others are left out: {sheets}.',
    'Upload each sheet as a file of its own, if they are meant.',
  ],
  phone_gone: ['The phone {name} was deleted since.', 'There is nothing left to take back.'],
  phone_not_named: ['The row does not say which phone it is about.', 'Write its device name or MAC address.'],
  quote_garbage: ['There is something between a closing quote and the comma.', 'Write a quote within a text twice.'],
  quote_open: ['A quote is opened and never closed.', 'Close the quote.'],
  registered_since: [
    '{name} registered since.',
    'It is left as it is. Change or delete it by hand where that is wanted.',
  ],
  row_too_long: [
    'The row holds more text than a row may.',
    'Is this a phone file? Take out what does not belong to it, or split it.',
  ],
  rows_after_blank: [
    '{rows} rows after the first blank one are left out: a blank row ends the file.',
    'Take the blank row out and upload the file again, if they are meant.',
  ],
  'rows_after_blank.one': [
    '1 row after the first blank one is left out: a blank row ends the file.',
    'Take the blank row out and upload the file again, if they are meant.',
  ],
  rows_will_be_refused: [
    '{rows} rows will be refused as they stand, first line {line}: {message}',
    'A dry run names each of them. Correct them and upload the file again.',
  ],
  'rows_will_be_refused.one': [
    '1 row will be refused as it stands, first line {line}: {message}',
    'A dry run names each of them. Correct them and upload the file again.',
  ],
  rows_with_errors: [
    '{rows} rows have errors, and the job was to do nothing then. Nothing was done.',
    'Correct the rows and submit the job again.',
  ],
  rows_with_notes: [
    '{rows} rows have notes, such as a directory number that becomes a shared line.',
    'Read the notes of the rows.',
  ],
  'rows_with_notes.one': [
    '1 row has a note, such as a directory number that becomes a shared line.',
    'Read the notes of the rows.',
  ],
  shared_line: [
    'A shared line: {line} is a line of {phones} already; the phones ring together.',
    'If that is not meant, write another directory number.',
  ],
  'shared_line.others': [
    'A shared line: {line} is a line of {phones} and others already; the phones ring together.',
    'If that is not meant, write another directory number.',
  ],
  shared_line_in_file: [
    'A shared line: {line} stands in line {first} too, so both phones have it and ring together.',
    'If that is not meant, write another directory number.',
  ],
  text_invalid: ['The text holds characters that cannot be shown.', 'Type the text again.'],
  'text_invalid.stored': ['The cell holds characters that cannot be stored.', 'Type the text again.'],
  text_too_long: ['The text is longer than {most} characters.', 'Shorten it.'],
  too_large: ['The workbook holds more than is allowed.', 'Split it into several files.'],
  'too_large.memory': ['Reading the file needs more memory than is allowed.', 'Split it into several files.'],
  'too_large.text': [
    'The file holds more text than is allowed.',
    'Is this a phone file? Take out what does not belong to it, or split it.',
  ],
  too_many_fields: [
    'There are {headings} headings, but something stands in column {column}.',
    'Is there a comma too many? Text with a comma needs quotes around it.',
  ],
  'too_many_fields.csv': ['A line has too many fields.', 'Is this a phone file?'],
  too_many_rows: ['The file has more than {most} rows.', 'Split it into several files, and take blank rows out.'],
  too_slow: [
    'Reading the file takes longer than {seconds} seconds.',
    'Copy only the rows of the phones into a new workbook, or save the sheet as CSV UTF-8.',
  ],
  unknown_column: [
    'The heading {heading|json} is not known.',
    'Use the headings of the template, or take the column out.',
  ],
  'unknown_column.near': [
    'The heading {heading|json} is not known.',
    'Did you mean {near}? Correct it, or take the column out.',
  ],
  value_refused: ['The database does not take a value of this row.', 'Check the row; the log of the node says more.'],
  xls_or_password: [
    'This is an old .xls workbook, or one with a password.',
    'Save it as an Excel workbook (.xlsx) without a password.',
  ],
} as const satisfies SentenceTexts;
