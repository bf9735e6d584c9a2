import { Stack } from '@mantine/core';
import { useParams } from 'react-router';
import { definitions } from '../resources/definitions.ts';
import { ResourceEditPage } from '../resources/edit-page.tsx';
import { DomainCheckPanel } from './domain-check-panel.tsx';

/** Advanced Features > MRA Service Domains: one of them, with what depends on it and the live check. */
export function MraServiceDomainPage() {
  const { name } = useParams();
  return (
    <Stack gap="lg">
      <ResourceEditPage definition={definitions['mra-service-domains']!} />
      <div className="fr-narrow">
        <DomainCheckPanel key={name} name={name!} />
      </div>
    </Stack>
  );
}
