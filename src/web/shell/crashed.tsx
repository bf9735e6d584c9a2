import { Button } from '@mantine/core';
import { useRouteError } from 'react-router';
import { useText } from '../i18n/use-text.ts';

/** A page that broke, or one that a newer version of the server no longer has: loading again is the way out of both. */
export function Crashed() {
  const { t } = useText();
  const error = useRouteError();
  return (
    <main className="fr-loading" role="alert">
      <h1>{t('crash.title')}</h1>
      <p>{t('crash.text')}</p>
      {error instanceof Error && <code>{error.message}</code>}
      <Button onClick={() => location.reload()}>{t('crash.reload')}</Button>
    </main>
  );
}
