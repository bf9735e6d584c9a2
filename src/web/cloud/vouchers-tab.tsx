import { Button, Group, Stack, Table, Text, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { Static } from 'typebox';
import type { MadeCloudVoucher } from '../../contract/cloud-clusters.ts';
import { useReader } from './language.tsx';
import { Loaded, Problem, Rows, State } from './parts.tsx';
import { request } from './rest.ts';
import { VoucherNote } from './voucher-note.tsx';

const tones = { open: 'good', used: 'busy', revoked: 'quiet', expired: 'quiet' } as const;

export function VouchersTab() {
  const { t, dateTime } = useReader();
  const queries = useQueryClient();
  const [note, setNote] = useState('');
  const [made, setMade] = useState<Static<typeof MadeCloudVoucher>>();
  const [error, setError] = useState<unknown>();
  const query = useQuery({
    queryKey: ['vouchers'],
    queryFn: async ({ signal }) => (await request('GET /vouchers', { signal })).body,
    refetchInterval: 15_000,
  });
  const act = async (work: () => Promise<unknown>) => {
    setError(undefined);
    try {
      await work();
      await queries.invalidateQueries({ queryKey: ['vouchers'] });
    } catch (failure) {
      setError(failure);
    }
  };
  const make = (event: FormEvent) => {
    event.preventDefault();
    void act(async () => {
      setMade((await request('POST /vouchers', { body: { note } })).body);
      setNote('');
    });
  };
  return (
    <Stack>
      <form onSubmit={make}>
        <Group align="flex-end">
          <TextInput
            label={t('voucherNote')}
            description={t('voucherNoteHelp')}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
            maxLength={128}
            w={320}
          />
          <Button type="submit">{t('makeVoucher')}</Button>
        </Group>
      </form>
      {made !== undefined && <VoucherNote voucher={made} />}
      <Problem error={error} />
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Text c="dimmed">{t('noVouchers')}</Text>
          ) : (
            <Rows
              label={t('vouchers')}
              heads={[t('voucherNote'), t('state'), t('cluster'), t('madeBy'), t('made'), t('goodUntil'), t('revoke')]}
            >
              {items.map((voucher) => (
                <Table.Tr key={voucher.id}>
                  <Table.Td>{voucher.note}</Table.Td>
                  <Table.Td>
                    <State tone={tones[voucher.state]}>{t(voucher.state)}</State>
                  </Table.Td>
                  <Table.Td>{voucher.cluster?.name ?? ''}</Table.Td>
                  <Table.Td>{voucher.createdBy}</Table.Td>
                  <Table.Td>{dateTime(voucher.createdAt)}</Table.Td>
                  <Table.Td>{dateTime(voucher.expiresAt)}</Table.Td>
                  <Table.Td>
                    {voucher.state === 'open' && (
                      <Button
                        size="xs"
                        variant="default"
                        aria-label={`${t('revoke')}: ${voucher.note || dateTime(voucher.createdAt)}`}
                        onClick={() => void act(() => request('DELETE /vouchers/{id}', { path: { id: voucher.id } }))}
                      >
                        {t('revoke')}
                      </Button>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Rows>
          )
        }
      </Loaded>
    </Stack>
  );
}
