import { ActionIcon, Button, FileButton, Group, Progress, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Static } from 'typebox';
import type { FirmwareFile } from '../../../contract/firmware-files.ts';
import { download, request } from '../../api/client.ts';
import { isProblem } from '../../api/problem.ts';
import { upload } from '../../api/upload.ts';
import { ask } from '../../components/ask.tsx';
import { Icon } from '../../components/icon.tsx';
import { Loading, Page, Panel } from '../../components/page.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { ScrollRegion } from '../../components/scroll-region.tsx';
import { useText } from '../../i18n/use-text.ts';
import { usePermission } from '../../session/session.ts';

type FileItem = Static<typeof FirmwareFile>;

/** What is being sent: which file of how many, and how far it is. */
interface Sending {
  readonly name: string;
  readonly place: number;
  readonly of: number;
  readonly share: number;
}

/** Serviceability > TFTP File Management: what phones can fetch beside their configuration. */
export function FirmwarePage() {
  const { t } = useText();
  const can = usePermission();
  const queries = useQueryClient();
  const [search, setSearch] = useState('');
  const [sending, setSending] = useState<Sending>();
  const files = useQuery({
    queryKey: ['firmware-files'],
    queryFn: async ({ signal }) => (await request('GET /firmware-files', { signal })).body.items,
  });
  const add = useMutation({
    mutationFn: async (chosen: readonly File[]) => {
      let sent = 0;
      for (const [index, file] of chosen.entries()) {
        const put = (replace: boolean) =>
          upload(
            'PUT /firmware-files/{name}',
            {
              path: { name: file.name },
              query: { replace: replace || undefined },
              octets: { type: 'application/octet-stream', bytes: file },
            },
            (share) => setSending({ name: file.name, place: index + 1, of: chosen.length, share }),
          );
        try {
          await put(false);
          sent++;
        } catch (error) {
          if (!isProblem(error, 'firmware_exists')) throw error;
          const replace = await ask({
            title: t('firmware.replaceTitle', { name: file.name }),
            text: t('firmware.replaceText'),
            confirm: t('firmware.replace'),
            cancel: t('firmware.keep'),
          });
          if (!replace) continue;
          await put(true);
          sent++;
        }
      }
      return sent;
    },
    onSuccess: (sent) => {
      if (sent > 0) notifications.show({ message: t('firmware.uploaded', { count: sent }) });
    },
    onSettled: async () => {
      setSending(undefined);
      await queries.invalidateQueries({ queryKey: ['firmware-files'] });
    },
  });
  const wanted = search.trim().toLowerCase();
  const shown = (files.data ?? []).filter((each) => each.name.toLowerCase().includes(wanted));
  return (
    <Page
      title={t('nav.firmware')}
      lead={t('firmware.lead')}
      actions={
        can('system.write') ? (
          <FileButton multiple onChange={(chosen) => chosen.length > 0 && add.mutate(chosen)}>
            {(props) => (
              <Button {...props} loading={add.isPending} leftSection={<Icon name="upload" size={16} />}>
                {t('firmware.upload')}
              </Button>
            )}
          </FileButton>
        ) : undefined
      }
    >
      <Stack gap="sm">
        {sending !== undefined && (
          <div role="status">
            <Text size="sm" mb={4}>
              {t('firmware.sending', { name: sending.name, place: sending.place, of: sending.of })}
            </Text>
            <Progress value={100 * sending.share} aria-label={sending.name} />
          </div>
        )}
        <ProblemNote error={add.error ?? files.error} />
        {files.isPending && <Loading />}
        {files.data?.length === 0 && (
          <Panel title={t('firmware.none')}>
            <Text size="sm">{t('firmware.noneText')}</Text>
          </Panel>
        )}
        {files.data !== undefined && files.data.length > 0 && (
          <>
            <TextInput
              className="fr-search-field"
              type="search"
              aria-label={t('firmware.search')}
              placeholder={t('firmware.search')}
              leftSection={<Icon name="search" size={16} />}
              value={search}
              onChange={(event) => setSearch(event.currentTarget.value)}
            />
            <FileTable files={shown} />
          </>
        )}
      </Stack>
    </Page>
  );
}

function FileTable({ files }: { files: readonly FileItem[] }) {
  const { t, formatNumber, formatDateTime } = useText();
  const can = usePermission();
  const queries = useQueryClient();
  const [failed, setFailed] = useState<unknown>();
  const remove = useMutation({
    mutationFn: (name: string) => request('DELETE /firmware-files/{name}', { path: { name } }),
    onSuccess: (_, name) => notifications.show({ message: t('resource.deleted', { name }) }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['firmware-files'] }),
  });
  const onRemove = async (name: string) => {
    const yes = await ask({
      title: t('resource.deleteTitle', { name }),
      text: t('firmware.deleteText'),
      confirm: t('action.delete'),
      cancel: t('action.cancel'),
      dangerous: true,
    });
    if (yes) remove.mutate(name);
  };
  return (
    <>
      <ProblemNote error={remove.error ?? failed} />
      <ScrollRegion className="fr-table-scroll fr-plain-table" label={t('nav.firmware')}>
        <table>
          <caption className="fr-visually-hidden">{t('nav.firmware')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('firmware.name')}</th>
              <th scope="col" className="fr-number">
                {t('itl.size')}
              </th>
              <th scope="col">{t('firmware.uploadedAt')}</th>
              <th scope="col">SHA-256</th>
              <th scope="col">{t('firmware.tools')}</th>
            </tr>
          </thead>
          <tbody>
            {files.map((each) => (
              <tr key={each.name}>
                <th scope="row">{each.name}</th>
                <td className="fr-number" data-label={t('itl.size')}>
                  {t('itl.octets', { count: each.size, shown: formatNumber(each.size) })}
                </td>
                <td data-label={t('firmware.uploadedAt')}>{formatDateTime(each.createdAt)}</td>
                <td data-label="SHA-256" className="fr-hash">
                  {each.sha256}
                </td>
                <td>
                  <Group gap={2} wrap="nowrap">
                    <ActionIcon
                      variant="subtle"
                      color="gray"
                      aria-label={t('firmware.download', { name: each.name })}
                      onClick={() => {
                        setFailed(undefined);
                        download(each.name, 'GET /firmware-files/{name}/content', { path: { name: each.name } }).catch(
                          setFailed,
                        );
                      }}
                    >
                      <Icon name="download" size={16} />
                    </ActionIcon>
                    {can('system.write') && (
                      <ActionIcon
                        variant="subtle"
                        color="gray"
                        aria-label={t('firmware.delete', { name: each.name })}
                        onClick={() => void onRemove(each.name)}
                      >
                        <Icon name="trash" size={16} />
                      </ActionIcon>
                    )}
                  </Group>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </>
  );
}
