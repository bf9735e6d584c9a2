import { Button, MantineProvider, Select, Tabs, Text, Title } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { rememberCsrfToken, watchers } from '../api/client.ts';
import { queryClient } from '../api/query.ts';
import { BrandMark } from '../shell/brand.tsx';
import { cssVariables, theme } from '../theme.ts';
import { CAccessTab } from './c-access-tab.tsx';
import { CClustersTab } from './c-clusters-tab.tsx';
import { CEdgesTab } from './c-edges-tab.tsx';
import { CStatusTab } from './c-status-tab.tsx';
import { EAuthoritiesTab } from './e-authorities-tab.tsx';
import { ECertificateTab } from './e-certificate-tab.tsx';
import { EStatusTab } from './e-status-tab.tsx';
import { type EdgeLanguage, LanguageProvider, useReader } from './language.tsx';
import { Problem } from './parts.tsx';
import { PasswordDialog } from './password-dialog.tsx';
import { request } from './rest.ts';
import { type Administrator, type Role, SignIn } from './sign-in.tsx';
import type { EdgeTexts } from './texts-en.ts';

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
Object.assign(globalThis, { __webpack_nonce__: nonce });

export function EdgeApp() {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <QueryClientProvider client={queryClient}>
        <LanguageProvider>
          <Gate />
        </LanguageProvider>
      </QueryClientProvider>
    </MantineProvider>
  );
}

/** Asks which half of the edge this is, then shows the sign-in page until somebody is signed in, and again when the session has ended. */
function Gate() {
  const [here, setHere] = useState<Role>();
  const [who, setWho] = useState<Administrator | undefined | 'unknown'>('unknown');
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    watchers.signedOut = () => setWho(undefined);
    request('GET /role').then(({ body }) => setHere(body), setError);
    request('GET /session').then(
      ({ body }) => {
        rememberCsrfToken(body.csrfToken);
        setWho(body);
      },
      () => setWho(undefined),
    );
  }, []);
  if (error !== undefined) return <Problem error={error} onRetry={() => location.reload()} />;
  if (here === undefined || who === 'unknown') return null;
  if (who === undefined)
    return (
      <SignIn
        here={here}
        onDone={(administrator) => {
          rememberCsrfToken(administrator.csrfToken);
          queryClient.clear();
          setWho(administrator);
        }}
      />
    );
  return <Frame here={here} onSignedOut={() => setWho(undefined)} />;
}

const tabsOf: Readonly<Record<Role['role'], readonly (readonly [keyof EdgeTexts, () => ReactNode])[]>> = {
  'expressway-c': [
    ['status', () => <CStatusTab />],
    ['access', () => <CAccessTab />],
    ['edges', () => <CEdgesTab />],
    ['clusters', () => <CClustersTab />],
  ],
  'expressway-e': [
    ['status', () => <EStatusTab />],
    ['certificate', () => <ECertificateTab />],
    ['authorities', () => <EAuthoritiesTab />],
  ],
};

function Frame({ here, onSignedOut }: { here: Role; onSignedOut: () => void }) {
  const { t } = useReader();
  const tabs = tabsOf[here.role];
  // The tab is in the address, so that a reload comes back to it.
  const ofAddress = () => tabs.find(([name]) => `#${name}` === location.hash)?.[0] ?? 'status';
  const [tab, setTab] = useState<keyof EdgeTexts>(ofAddress);
  const [changing, setChanging] = useState(false);
  useEffect(() => {
    const follow = () => setTab(ofAddress());
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  });
  useEffect(() => {
    document.title = `${t(tab)} · ${t(here.role)} ${here.name} · Firstring`;
  }, [t, tab, here]);
  const signOut = async () => {
    await request('DELETE /session').catch(() => {});
    rememberCsrfToken(undefined);
    queryClient.clear();
    onSignedOut();
  };
  return (
    <div className="fe-frame">
      <header className="fe-head">
        <div className="fe-brand">
          <BrandMark />
          <Title order={1} size="h3">
            {t(here.role)} {here.name}
          </Title>
        </div>
        <div className="fe-brand">
          <Text size="sm" c="dimmed">
            admin
          </Text>
          <LanguageChoice />
          <Button size="xs" variant="default" onClick={() => setChanging(true)}>
            {t('changePassword')}
          </Button>
          <Button size="xs" variant="default" onClick={() => void signOut()}>
            {t('signOut')}
          </Button>
        </div>
      </header>
      <main>
        <Tabs value={tab} onChange={(next) => location.assign(`#${next ?? 'status'}`)} keepMounted={false}>
          <Tabs.List mb="lg">
            {tabs.map(([name]) => (
              <Tabs.Tab key={name} value={name}>
                {t(name)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {tabs.map(([name, panel]) => (
            <Tabs.Panel key={name} value={name}>
              {panel()}
            </Tabs.Panel>
          ))}
        </Tabs>
      </main>
      {changing && <PasswordDialog onClose={() => setChanging(false)} />}
    </div>
  );
}

function LanguageChoice() {
  const { t, language, change } = useReader();
  return (
    <Select
      size="xs"
      w={120}
      aria-label={t('language')}
      allowDeselect={false}
      value={language}
      onChange={(next) => change(next as EdgeLanguage)}
      data={[
        { value: 'en', label: 'English' },
        { value: 'zh-CN', label: '简体中文' },
      ]}
    />
  );
}
