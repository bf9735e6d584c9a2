import { Button, FileButton, Modal, Stack, Textarea, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { requestAt } from '../../api/client.ts';
import { Icon } from '../../components/icon.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { useText } from '../../i18n/use-text.ts';

/** One certificate, pasted or out of a file, into one trust store. `more`: what else the store asks for. */
export function UploadCertificate({
  opened,
  onClose,
  path,
  queryKey,
  more = {},
  submit,
  added,
  children,
}: {
  opened: boolean;
  onClose: () => void;
  path: string;
  queryKey: string;
  more?: Readonly<Record<string, unknown>>;
  submit: string;
  /** What is said when it is in. */
  added: string;
  children?: ReactNode;
}) {
  const { t } = useText();
  const queries = useQueryClient();
  const [certificate, setCertificate] = useState('');
  const [description, setDescription] = useState('');
  const add = useMutation({
    mutationFn: () => requestAt('POST', path, { body: { ...more, certificate: certificate.trim(), description } }),
    onSuccess: async () => {
      setCertificate('');
      setDescription('');
      onClose();
      notifications.show({ message: added });
      await queries.invalidateQueries({ queryKey: [queryKey] });
    },
  });
  const readFile = async (file: File | null) => {
    if (file === null) return;
    const octets = new Uint8Array(await file.arrayBuffer());
    const text = new TextDecoder().decode(octets);
    setCertificate(
      text.includes('-----BEGIN') ? text : btoa(Array.from(octets, (octet) => String.fromCharCode(octet)).join('')),
    );
  };
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('trust.upload')}
      size="lg"
      centered
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate();
        }}
      >
        <Stack>
          <FileButton onChange={(file) => void readFile(file)} accept=".pem,.crt,.cer,.der,application/x-x509-ca-cert">
            {(props) => (
              <Button {...props} variant="default" leftSection={<Icon name="upload" size={16} />}>
                {t('trust.chooseFile')}
              </Button>
            )}
          </FileButton>
          <Textarea
            label={t('trust.certificate')}
            description={t('trust.certificateHelp')}
            required
            autosize
            minRows={5}
            maxRows={10}
            spellCheck={false}
            classNames={{ input: 'fr-mono' }}
            value={certificate}
            onChange={(event) => setCertificate(event.currentTarget.value)}
          />
          <TextInput
            label={t('trust.description')}
            maxLength={128}
            value={description}
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
          {children}
          <ProblemNote error={add.error} />
          <Button type="submit" loading={add.isPending} disabled={certificate.trim() === ''}>
            {submit}
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}
