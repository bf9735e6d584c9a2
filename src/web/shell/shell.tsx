import { ActionIcon, Anchor, Button, Kbd, Menu, Tooltip, useMantineColorScheme } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { Link, Outlet, useLocation, useNavigation } from 'react-router';
import { PasswordDialog } from '../account/password-dialog.tsx';
import { Icon } from '../components/icon.tsx';
import { Loading, Page } from '../components/page.tsx';
import { languages } from '../i18n/i18n.ts';
import { useText } from '../i18n/use-text.ts';
import { chooseLanguage, signOut, useSession } from '../session/session.ts';
import { Brand } from './brand.tsx';
import { ConnectionBanner } from './connection-banner.tsx';
import { useMenus } from './use-menus.ts';

/** Loaded when it is first wanted: the first page comes sooner. */
const Palette = lazy(async () => ({ default: (await import('./palette.tsx')).Palette }));

/** Everything around a page of the console: skip link, header, menus, command palette. */
export function Shell() {
  const { t } = useText();
  const [open, setOpen] = useState(false);
  const [palette, setPalette] = useState(0);
  useHotkeys([['mod+K', () => setPalette((before) => before + 1)]], []);
  const location = useLocation();
  const going = useNavigation().state !== 'idle';
  useFocusOnArrival(location.pathname);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the menu closes whenever the page changes
  useEffect(() => setOpen(false), [location.pathname]);
  return (
    <div className="fr-shell" data-menu-open={open || undefined}>
      <a className="fr-skip" href="#content">
        {t('shell.skip')}
      </a>
      <header className="fr-header">
        <ActionIcon
          className="fr-burger"
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={t('shell.menu')}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          <Icon name={open ? 'close' : 'menu'} />
        </ActionIcon>
        <Brand to="/" />
        <Button
          className="fr-search"
          variant="default"
          justify="space-between"
          leftSection={<Icon name="search" size={16} />}
          rightSection={<Kbd size="xs">Ctrl K</Kbd>}
          onClick={() => setPalette((before) => before + 1)}
          aria-keyshortcuts="Control+K Meta+K"
        >
          <span className="fr-search-text">{t('shell.search')}</span>
        </Button>
        <HeaderMenus />
      </header>
      <nav className="fr-nav" aria-label={t('shell.menus')}>
        <Menus />
      </nav>
      {open && <div className="fr-scrim" onClick={() => setOpen(false)} aria-hidden="true" />}
      <main id="content" tabIndex={-1} className="fr-main" aria-busy={going || undefined}>
        <ConnectionBanner />
        <Suspense fallback={<Loading />}>
          <Outlet />
        </Suspense>
      </main>
      {palette > 0 && (
        <Suspense>
          <Palette opened={palette} />
        </Suspense>
      )}
    </div>
  );
}

/** A reader at the keyboard or with a screen reader learns that another page came. Not on the first page. */
function useFocusOnArrival(pathname: string): void {
  const before = useRef(pathname);
  useEffect(() => {
    if (before.current === pathname) return;
    before.current = pathname;
    requestAnimationFrame(() => document.getElementById('page-title')?.focus({ preventScroll: true }));
  }, [pathname]);
}

function Menus() {
  const { t } = useText();
  const menus = useMenus();
  const { pathname } = useLocation();
  return (
    <ul className="fr-menu">
      {menus.map((group) => {
        const { items } = group;
        return (
          <li key={group.text}>
            <div className="fr-menu-group">
              <Icon name={group.icon} size={16} />
              {t(group.text)}
            </div>
            <ul>
              {items.map((item) => {
                const here =
                  item.to === '/' ? pathname === '/' : pathname === item.to || pathname.startsWith(`${item.to}/`);
                return (
                  <li key={item.to}>
                    <Link to={item.to} className="fr-menu-item" aria-current={here ? 'page' : undefined}>
                      {t(item.text)}
                    </Link>
                  </li>
                );
              })}
            </ul>
          </li>
        );
      })}
    </ul>
  );
}

/** Language, colour scheme and who is signed in; the console and Self Care share them. */
export function HeaderMenus() {
  const { t, language } = useText();
  const { person } = useSession();
  const [changing, setChanging] = useState(false);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const dark = colorScheme === 'dark' || (colorScheme === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
  const shown = `${person?.firstName ?? ''} ${person?.lastName ?? ''}`.trim() || person?.userId || '';
  return (
    <div className="fr-header-menus">
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('shell.language')}>
            <Icon name="globe" />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {languages.map(({ tag, label }) => (
            <Menu.Item
              key={tag}
              lang={tag}
              onClick={() => void chooseLanguage(tag)}
              leftSection={tag === language ? <Icon name="check" size={14} /> : <span className="fr-no-icon" />}
            >
              {label}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Tooltip label={dark ? t('shell.light') : t('shell.dark')}>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={dark ? t('shell.light') : t('shell.dark')}
          onClick={() => setColorScheme(dark ? 'light' : 'dark')}
        >
          <Icon name={dark ? 'sun' : 'moon'} />
        </ActionIcon>
      </Tooltip>
      {person !== undefined && (
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <Button
              variant="subtle"
              color="gray"
              className="fr-user"
              leftSection={<Icon name="user" />}
              aria-label={t('shell.account', { name: shown })}
            >
              <span className="fr-user-name">{shown}</span>
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>{person.userId}</Menu.Label>
            <Menu.Item component={Link} to="/selfcare" leftSection={<Icon name="phone" size={16} />}>
              {t('shell.selfCare')}
            </Menu.Item>
            {person.permissions.includes('phones.read') && (
              <Menu.Item component={Link} to="/" leftSection={<Icon name="home" size={16} />}>
                {t('shell.console')}
              </Menu.Item>
            )}
            <Menu.Item leftSection={<Icon name="lock" size={16} />} onClick={() => setChanging(true)}>
              {t('account.changePassword')}
            </Menu.Item>
            <Menu.Item leftSection={<Icon name="signOut" size={16} />} onClick={() => void signOut()}>
              {t('shell.signOut')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      {person !== undefined && <PasswordDialog opened={changing} onClose={() => setChanging(false)} />}
    </div>
  );
}

export function NotFoundPage() {
  const { t } = useText();
  return (
    <Page title={t('page.notFound')} lead={t('page.notFoundText')}>
      <div>
        <Anchor component={Link} to="/">
          {t('page.toStart')}
        </Anchor>
      </div>
    </Page>
  );
}
