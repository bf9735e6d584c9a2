import { Alert, Button, Group, Stack, Text, Textarea, Title } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { Static } from 'typebox';
import type { ServerCertificate } from '../../contract/edge-e.ts';
import { useReader } from './language.tsx';
import { Copy, Facts, Loaded, Problem } from './parts.tsx';
import { requestE as request } from './rest.ts';
import type { EdgeTexts } from './texts-en.ts';

type Certificate = Static<typeof ServerCertificate>;

export function ECertificateTab() {
  const { t, dateTime } = useReader();
  const queries = useQueryClient();
  const query = useQuery({
    queryKey: ['certificate'],
    queryFn: async ({ signal }) => (await request('GET /server-certificate', { signal })).body,
  });
  return (
    <Loaded query={query}>
      {(shown) => (
        <Stack>
          <Text size="sm" c="dimmed">
            {t('certificateHelp')}
          </Text>
          <Findings findings={shown.findings} />
          <Facts
            facts={[
              [t('subject'), shown.subject],
              [t('issuer'), shown.issuer],
              [t('names'), shown.names.join(', ')],
              [t('validUntil'), dateTime(shown.notAfter)],
              [t('origin'), t(shown.origin)],
            ]}
          />
          <Title order={2} size="h4">
            {t('authority')}
          </Title>
          <Facts
            facts={[
              [t('subject'), shown.authority.subject],
              [
                t('fingerprint'),
                <span key="print" className="fe-mono">
                  {shown.authority.sha256}
                </span>,
              ],
            ]}
          />
          <pre className="fe-pem">{shown.authority.pem}</pre>
          <Group>
            <Copy value={shown.authority.pem} />
          </Group>
          <SigningRequest />
          <Upload onDone={(next) => queries.setQueryData(['certificate'], next)} />
        </Stack>
      )}
    </Loaded>
  );
}

function Findings({ findings }: { findings: Certificate['findings'] }) {
  const { t } = useReader();
  if (findings.length === 0) {
    return (
      <Alert color="teal" variant="light">
        {t('fits')}
      </Alert>
    );
  }
  return (
    <>
      {findings.map(({ code, level, subject }) => (
        <Alert key={code + subject} color={level === 'error' ? 'red' : 'yellow'} variant="light" role="alert">
          {t(code as keyof EdgeTexts, { name: subject })}
        </Alert>
      ))}
    </>
  );
}

function SigningRequest() {
  const { t } = useReader();
  const [pem, setPem] = useState<string>();
  const [error, setError] = useState<unknown>();
  const make = async () => {
    setError(undefined);
    try {
      setPem((await request('POST /server-certificate/signing-request')).body.pem);
    } catch (failure) {
      setError(failure);
    }
  };
  return (
    <Stack align="flex-start">
      <Button variant="default" onClick={() => void make()}>
        {t('makeRequest')}
      </Button>
      <Problem error={error} />
      {pem !== undefined && (
        <Stack gap="xs" role="status">
          <Text size="sm">{t('requestHelp')}</Text>
          <pre className="fe-pem">{pem}</pre>
          <Group>
            <Copy value={pem} />
          </Group>
        </Stack>
      )}
    </Stack>
  );
}

function Upload({ onDone }: { onDone: (next: Certificate) => void }) {
  const { t } = useReader();
  const [certificates, setCertificates] = useState('');
  const [error, setError] = useState<unknown>();
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setError(undefined);
    try {
      onDone((await request('PUT /server-certificate', { body: { certificates } })).body);
      setCertificates('');
    } catch (failure) {
      setError(failure);
    }
  };
  return (
    <form className="fr-panel" onSubmit={(event) => void send(event)}>
      <Stack>
        <Textarea
          label={t('uploadLabel')}
          value={certificates}
          onChange={(event) => setCertificates(event.currentTarget.value)}
          rows={7}
          required
          spellCheck={false}
        />
        <Problem error={error} />
        <Group>
          <Button type="submit">{t('upload')}</Button>
        </Group>
      </Stack>
    </form>
  );
}
