import { Button, FileButton, Group, Modal, Stack, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { Icon } from '../../components/icon.tsx';
import { useText } from '../../i18n/use-text.ts';
import { readQr } from './read-qr.ts';

/** Reads a QR code from a picture or with the camera of whoever looks at the page. Nothing leaves the browser but what the code holds. */
export function ScanDialog({
  opened,
  onClose,
  onRead,
}: {
  opened: boolean;
  onClose: () => void;
  onRead: (text: string) => void;
}) {
  const { t } = useText();
  const [problem, setProblem] = useState<string>();
  const [filming, setFilming] = useState(false);
  const close = () => {
    setProblem(undefined);
    setFilming(false);
    onClose();
  };
  const found = (text: string) => {
    close();
    onRead(text);
  };
  const onPicture = async (file: File | null) => {
    if (file === null) return;
    setProblem(undefined);
    const picture = await createImageBitmap(file).catch(() => undefined);
    if (picture === undefined) return setProblem(t('lab.notAPicture'));
    const text = await readQr(picture).finally(() => picture.close());
    if (text === undefined) return setProblem(t('lab.noQrFound'));
    found(text);
  };
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t('lab.scan')}
      centered
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <Stack gap="md">
        <Text size="sm">{t('lab.scanText')}</Text>
        {filming && (
          <Camera
            onRead={found}
            onFailed={() => {
              setFilming(false);
              setProblem(t('lab.noCamera'));
            }}
          />
        )}
        <Group gap="xs">
          <FileButton accept="image/*" onChange={(file) => void onPicture(file)}>
            {(props) => (
              <Button {...props} leftSection={<Icon name="upload" size={16} />}>
                {t('lab.choosePicture')}
              </Button>
            )}
          </FileButton>
          <Button
            variant="default"
            onClick={() => {
              setProblem(undefined);
              setFilming(!filming);
            }}
          >
            {filming ? t('lab.cameraOff') : t('lab.cameraOn')}
          </Button>
        </Group>
        <Text size="sm" c="var(--fr-bad)" role="status">
          {problem}
        </Text>
      </Stack>
    </Modal>
  );
}

const lookEveryMs = 200;

function Camera({ onRead, onFailed }: { onRead: (text: string) => void; onFailed: () => void }) {
  const { t } = useText();
  const video = useRef<HTMLVideoElement>(null);
  const told = useRef({ onRead, onFailed });
  told.current = { onRead, onFailed };
  useEffect(() => {
    const left = new AbortController();
    void film(left.signal, video.current!, (text) => told.current.onRead(text)).catch(() => {
      if (!left.signal.aborted) told.current.onFailed();
    });
    return () => left.abort();
  }, []);
  return <video ref={video} className="lab-camera" muted playsInline aria-label={t('lab.camera')} />;
}

async function film(signal: AbortSignal, video: HTMLVideoElement, onRead: (text: string) => void): Promise<void> {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
  try {
    if (signal.aborted) return;
    video.srcObject = stream;
    await video.play();
    while (!signal.aborted) {
      const text = await readQr(video);
      if (signal.aborted) return;
      if (text !== undefined) return onRead(text);
      await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
    }
  } finally {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  }
}
