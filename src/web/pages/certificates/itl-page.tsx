import { useQuery } from '@tanstack/react-query';
import { request } from '../../api/client.ts';
import { Loading, Page, Panel } from '../../components/page.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { ScrollRegion } from '../../components/scroll-region.tsx';
import { useText } from '../../i18n/use-text.ts';

/** Certificates > Trust List: what phones are told to trust, and who signed it. */
export function ItlPage() {
  const { t, lookup, formatExact, formatNumber } = useText();
  const list = useQuery({
    queryKey: ['trust-list'],
    queryFn: async ({ signal }) => (await request('GET /trust-list', { signal })).body,
  });
  return (
    <Page title={t('nav.itl')} lead={t('itl.lead')}>
      {list.isPending && <Loading />}
      <ProblemNote error={list.error} onRetry={() => void list.refetch()} />
      {list.data !== undefined && (
        <>
          <Panel title={t('itl.file')}>
            <dl className="fr-facts">
              <div>
                <dt>{t('itl.signer')}</dt>
                <dd>{list.data.signer}</dd>
              </div>
              <div>
                <dt>{t('itl.builtAt')}</dt>
                <dd>{formatExact(list.data.builtAt)}</dd>
              </div>
              <div>
                <dt>{t('itl.size')}</dt>
                <dd>{t('itl.octets', { count: list.data.octets, shown: formatNumber(list.data.octets) })}</dd>
              </div>
              <div>
                <dt>SHA-256</dt>
                <dd className="fr-mono">{list.data.sha256}</dd>
              </div>
            </dl>
          </Panel>
          <ScrollRegion className="fr-table-scroll fr-plain-table fr-itl" label={t('itl.records')}>
            <table>
              <caption className="fr-visually-hidden">{t('itl.records')}</caption>
              <thead>
                <tr>
                  <th scope="col">{t('itl.role')}</th>
                  <th scope="col">{t('trust.subject')}</th>
                  <th scope="col">{t('trust.issuer')}</th>
                  <th scope="col">{t('trust.serial')}</th>
                  <th scope="col">SHA-256</th>
                </tr>
              </thead>
              <tbody>
                {list.data.records.map((each) => (
                  <tr key={`${each.role}${each.sha256}`}>
                    <th scope="row">
                      {each.role}
                      <span className="fr-role-help">{lookup('trustRole', each.role, '')}</span>
                    </th>
                    <td data-label={t('trust.subject')}>{each.subject}</td>
                    <td data-label={t('trust.issuer')}>{each.issuer}</td>
                    <td className="fr-mono" data-label={t('trust.serial')}>
                      {each.serialNumber}
                    </td>
                    <td className="fr-mono" data-label="SHA-256">
                      {each.sha256}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </ScrollRegion>
        </>
      )}
    </Page>
  );
}
