import { Stack } from '@mantine/core';
import { useReader } from './language.tsx';
import { Facts, Loaded } from './parts.tsx';
import { Figures, Serving, useStatusOfC } from './status-parts.tsx';

export function CStatusTab() {
  const { t } = useReader();
  const query = useStatusOfC();
  return (
    <Loaded query={query}>
      {(status) => (
        <Stack>
          <Serving problems={status.problems} />
          <Figures
            figures={[
              [t('edges'), status.edges.length],
              [t('sipFlows'), status.sipFlows],
              [t('requests'), status.requests],
              [t('refusedAssertions'), status.refusedAssertions],
            ]}
          />
          <Facts
            facts={[
              [t('version'), status.version],
              [
                t('fingerprint'),
                <span key="print" className="fe-mono">
                  {status.certificateSha256}
                </span>,
              ],
            ]}
          />
        </Stack>
      )}
    </Loaded>
  );
}
