import { Icon } from '../components/icon.tsx';
import { useText } from '../i18n/use-text.ts';
import { useSession } from '../session/session.ts';

/** Says that the node is away and that nothing typed is lost; goes by itself. */
export function ConnectionBanner() {
  const { t } = useText();
  const { lost } = useSession();
  return (
    <div role="status" aria-live="polite">
      {lost && (
        <div className="fr-banner">
          <Icon name="alert" />
          {t('shell.connectionLost')}
        </div>
      )}
    </div>
  );
}
