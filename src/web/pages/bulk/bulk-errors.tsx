import '../../styles/bulk.css';
import { Text } from '@mantine/core';
import type { BulkError } from '../../../contract/bulk-files.ts';
import { ScrollRegion } from '../../components/scroll-region.tsx';
import { useText } from '../../i18n/use-text.ts';

/** Everything that is wrong with a file, by row and column. `count`: of all, of which some may be left out. */
export function BulkErrors({ errors, count }: { errors: readonly BulkError[]; count: number }) {
  const { t, formatNumber } = useText();
  return (
    <div role="alert">
      <Text size="sm" fw={600} c="var(--mantine-color-error)" mb={6}>
        {t('bulk.errorCount', { count, shown: formatNumber(count) })}
      </Text>
      <ScrollRegion className="fr-plain-table fr-bulk-errors" label={t('bulk.errors')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('bulk.row')}</th>
              <th scope="col">{t('bulk.column')}</th>
              <th scope="col">{t('bulk.wrong')}</th>
            </tr>
          </thead>
          <tbody>
            {errors.map((each, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a cell may have two faults
              <tr key={index}>
                <td data-label={t('bulk.row')}>{formatNumber(each.line)}</td>
                <td data-label={t('bulk.column')}>{each.column ?? '–'}</td>
                <td data-label={t('bulk.wrong')}>
                  <span>
                    {each.detail} {each.remedy}
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      {count > errors.length && (
        <Text size="sm" c="dimmed" mt={6}>
          {t('bulk.errorsLeftOut', { count: count - errors.length, shown: formatNumber(count - errors.length) })}
        </Text>
      )}
    </div>
  );
}
