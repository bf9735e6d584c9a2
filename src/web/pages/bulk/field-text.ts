import { useText } from '../../i18n/use-text.ts';

/** `lines[0].directoryNumber` → `Line 1: Directory Number`, `devicePool` → `Device Pool`. */
export function useFieldText(): (field: string) => string {
  const { t, lookup } = useText();
  return (field) => {
    const line = /^lines\[(\d+)\](?:\.(\w+))?$/.exec(field);
    if (line === null) return lookup('bulkField', field);
    const place = t('lines.line', { number: Number(line[1]) + 1 });
    return line[2] === undefined ? place : `${place}: ${lookup('bulkField', line[2])}`;
  };
}
