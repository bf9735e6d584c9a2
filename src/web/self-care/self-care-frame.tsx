import '../styles/self-care.css';
import type { ReactNode } from 'react';
import { Brand } from '../shell/brand.tsx';
import { ConnectionBanner } from '../shell/connection-banner.tsx';
import { HeaderMenus } from '../shell/shell.tsx';

export function SelfCareFrame({ children }: { children: ReactNode }) {
  return (
    <div className="fr-self-care">
      <header className="fr-header">
        <Brand to="/selfcare" />
        <span className="fr-grow" />
        <HeaderMenus />
      </header>
      <main id="content" tabIndex={-1} className="fr-self-care-main">
        <ConnectionBanner />
        {children}
      </main>
    </div>
  );
}
