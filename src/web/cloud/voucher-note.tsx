import { Alert, Group, Stack, Text } from '@mantine/core';
import type { Static } from 'typebox';
import type { MadeCloudVoucher } from '../../contract/cloud-clusters.ts';
import { useReader } from './language.tsx';
import { Copy } from './parts.tsx';

/** A fresh voucher, shown this once. */
export function VoucherNote({ voucher }: { voucher: Static<typeof MadeCloudVoucher> }) {
  const { t, dateTime } = useReader();
  return (
    <Alert color="firstring" variant="light" role="status">
      <Stack gap={6}>
        <Text size="sm">{t('voucherMade', { when: dateTime(voucher.expiresAt) })}</Text>
        <Group gap="xs" wrap="nowrap">
          <code className="fc-mono">{voucher.voucher}</code>
          <Copy value={voucher.voucher} />
        </Group>
      </Stack>
    </Alert>
  );
}
