import { useParams } from 'react-router';
import { Page, Panel } from '../../components/page.tsx';
import { TimelineView } from '../../components/timeline.tsx';
import { useText } from '../../i18n/use-text.ts';

/** The story of a phone that matches no record. */
export function StrangerPage() {
  const { t } = useText();
  const { mac = '' } = useParams();
  return (
    <Page title={mac}>
      <Panel title={t('timeline.title')}>
        <TimelineView path="/timeline" query={{ mac }} />
      </Panel>
    </Page>
  );
}
