import { Navigate, Outlet } from 'react-router';
import { Loading } from '../components/page.tsx';
import { useText } from '../i18n/use-text.ts';
import { SelfCareFrame } from '../self-care/self-care-frame.tsx';
import { ConnectionBanner } from '../shell/connection-banner.tsx';
import { Shell } from '../shell/shell.tsx';
import { useSession } from './session.ts';
import { SessionExpired, SignInPage } from './sign-in.tsx';

function Unreachable() {
  return (
    <div className="fr-main">
      <ConnectionBanner />
      <Loading />
    </div>
  );
}

/** The console is for people with a role in it; everybody else belongs in Self Care. */
export function ConsoleDoor() {
  const { t } = useText();
  const { kind, person } = useSession();
  if (kind === 'unreachable' || kind === 'unknown') return <Unreachable />;
  if (kind === 'signed-out') return <SignInPage title={t('signIn.console')} lead={t('signIn.consoleLead')} />;
  if (!person?.permissions.includes('phones.read')) return <Navigate to="/selfcare" replace />;
  return (
    <>
      <Shell />
      <SessionExpired />
    </>
  );
}

export function SelfCareDoor() {
  const { t } = useText();
  const { kind } = useSession();
  if (kind === 'unreachable' || kind === 'unknown') return <Unreachable />;
  if (kind === 'signed-out') return <SignInPage title={t('signIn.selfCare')} lead={t('signIn.selfCareLead')} />;
  return (
    <>
      <SelfCareFrame>
        <Outlet />
      </SelfCareFrame>
      <SessionExpired />
    </>
  );
}
