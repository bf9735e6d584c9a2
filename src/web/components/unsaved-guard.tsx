import { useEffect } from 'react';
import { useBlocker } from 'react-router';
import { useText } from '../i18n/use-text.ts';
import { ask } from './ask.tsx';

/** While `dirty`, leaving the page (link, back, reload, closing) asks first. */
export function UnsavedGuard({ dirty }: { dirty: boolean }) {
  const { t } = useText();
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      dirty &&
      currentLocation.pathname !== nextLocation.pathname &&
      // The same phone under its new name: what was typed stays on the page.
      (nextLocation.state as { renamed?: boolean } | null)?.renamed !== true,
  );
  useEffect(() => {
    if (blocker.state !== 'blocked') return;
    let current = true;
    void ask({
      title: t('guard.title'),
      text: t('guard.text'),
      confirm: t('guard.leave'),
      cancel: t('guard.stay'),
      dangerous: true,
    }).then((leave) => {
      if (!current) return;
      if (leave) blocker.proceed();
      else blocker.reset();
    });
    return () => {
      current = false;
    };
  }, [blocker, t]);
  useEffect(() => {
    if (!dirty) return;
    const hold = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', hold);
    return () => removeEventListener('beforeunload', hold);
  }, [dirty]);
  return null;
}
