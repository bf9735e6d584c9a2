import { Button, Group } from '@mantine/core';
import { saveBlob } from '../../api/client.ts';
import { type Fact, Facts } from '../../components/form-parts.tsx';
import { Icon } from '../../components/icon.tsx';
import { Status } from '../../components/status.tsx';
import { useText } from '../../i18n/use-text.ts';

/** What every trust store says about a certificate. */
export interface ShownCertificate {
  readonly sha256: string;
  readonly subject: string;
  readonly issuer: string;
  readonly serialNumber: string;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly expired: boolean;
  readonly description: string;
  readonly pem: string;
}

const soonDays = 90;

/** `CN=Example Root, O=Example` → `Example Root` */
export function commonName(subject: string): string {
  return /(?:^|,\s*)CN=([^,]+)/.exec(subject)?.[1] ?? subject;
}

export function ValidityStatus({ certificate }: { certificate: ShownCertificate }) {
  const { t, formatDate, formatRelative } = useText();
  if (certificate.expired)
    return <Status tone="bad">{t('trust.expired', { when: formatRelative(certificate.notAfter) })}</Status>;
  const daysLeft = (new Date(certificate.notAfter).getTime() - Date.now()) / 86_400_000;
  return (
    <Status tone={daysLeft < soonDays ? 'warn' : 'good'}>
      {t('trust.validUntil', { date: formatDate(certificate.notAfter) })}
    </Status>
  );
}

export function CertificateFacts({ certificate, first }: { certificate: ShownCertificate; first?: Fact }) {
  const { t, formatDate } = useText();
  return (
    <Facts
      facts={[
        first,
        certificate.description === '' ? undefined : [t('trust.description'), certificate.description],
        [t('trust.subject'), certificate.subject],
        [t('trust.issuer'), certificate.issuer === certificate.subject ? t('trust.selfSigned') : certificate.issuer],
        [t('trust.validFrom'), formatDate(certificate.notBefore)],
        [
          t('trust.serial'),
          <span key="serial" className="fr-mono">
            {certificate.serialNumber}
          </span>,
        ],
        [
          'SHA-256',
          <span key="sha256" className="fr-mono">
            {certificate.sha256}
          </span>,
        ],
      ]}
    />
  );
}

/** Download, and where it may be: delete. */
export function CertificateTools({
  certificate,
  removing,
  onRemove,
}: {
  certificate: ShownCertificate;
  removing: boolean;
  onRemove?: () => void;
}) {
  const { t } = useText();
  const fileName = `${commonName(certificate.subject).replace(/[^A-Za-z0-9._-]+/g, '-')}.pem`;
  return (
    <Group gap="xs">
      <Button
        variant="default"
        size="xs"
        leftSection={<Icon name="download" size={14} />}
        onClick={() => saveBlob(fileName, new Blob([certificate.pem], { type: 'application/x-pem-file' }))}
      >
        {t('trust.download')}
      </Button>
      {onRemove !== undefined && (
        <Button
          variant="default"
          size="xs"
          leftSection={<Icon name="trash" size={14} />}
          loading={removing}
          onClick={onRemove}
        >
          {t('action.delete')}
        </Button>
      )}
    </Group>
  );
}
