import { Button, MantineProvider, Select, Tabs, Text, Title } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { rememberCsrfToken, watchers } from '../api/client.ts';
import { queryClient } from '../api/query.ts';
import { BrandMark } from '../shell/brand.tsx';
import { cssVariables, theme } from '../theme.ts';
import { AuditTab } from './audit-tab.tsx';
import { ClustersTab } from './clusters-tab.tsx';
import { type CloudLanguage, LanguageProvider, useReader } from './language.tsx';
import { LimitsTab } from './limits-tab.tsx';
import { OverviewTab } from './overview-tab.tsx';
import { PasswordDialog } from './password-dialog.tsx';
import { request } from './rest.ts';
import { RootsTab } from './roots-tab.tsx';
import { type Operator, SignIn } from './sign-in.tsx';
import { VouchersTab } from './vouchers-tab.tsx';

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
Object.assign(globalThis, { __webpack_nonce__: nonce });

export function CloudApp() {
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

/** Shows the sign-in page until somebody is signed in, and again when the session has ended. */
function Gate() {
  const [operator, setOperator] = useState<Operator | undefined | 'unknown'>('unknown');
  useEffect(() => {
    watchers.signedOut = () => setOperator(undefined);
    request('GET /session').then(
      ({ body }) => {
        rememberCsrfToken(body.csrfToken);
        setOperator(body);
      },
      () => setOperator(undefined),
    );
  }, []);
  if (operator === 'unknown') return null;
  if (operator === undefined)
    return (
      <SignIn
        onDone={(who) => {
          rememberCsrfToken(who.csrfToken);
          queryClient.clear();
          setOperator(who);
        }}
      />
    );
  return <Frame operator={operator} onSignedOut={() => setOperator(undefined)} />;
}

const tabs = ['overview', 'clusters', 'vouchers', 'roots', 'limits', 'audit'] as const;
type TabName = (typeof tabs)[number];
const panels: Readonly<Record<TabName, () => React.ReactNode>> = {
  overview: () => <OverviewTab />,
  clusters: () => <ClustersTab />,
  vouchers: () => <VouchersTab />,
  roots: () => <RootsTab />,
  limits: () => <LimitsTab />,
  audit: () => <AuditTab />,
};

function Frame({ operator, onSignedOut }: { operator: Operator; onSignedOut: () => void }) {
  const { t } = useReader();
  const [tab, setTab] = useState<TabName>(tabOfAddress);
  const [changing, setChanging] = useState(false);
  useEffect(() => {
    const follow = () => setTab(tabOfAddress());
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  useEffect(() => {
    document.title = `${t(tab)} · ${t('title')} · Firstring`;
  }, [t, tab]);
  const signOut = async () => {
    await request('DELETE /session').catch(() => {});
    rememberCsrfToken(undefined);
    queryClient.clear();
    onSignedOut();
  };
  return (
    <div className="fc-frame">
      <header className="fc-head">
        <div className="fc-brand">
          <BrandMark />
          <Title order={1} size="h3">
            {t('title')}
          </Title>
        </div>
        <div className="fc-brand">
          <Text size="sm" c="dimmed">
            {operator.userId}
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
        <Tabs value={tab} onChange={(next) => location.assign(`#${next ?? 'overview'}`)} keepMounted={false}>
          <Tabs.List mb="lg">
            {tabs.map((name) => (
              <Tabs.Tab key={name} value={name}>
                {t(name)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {tabs.map((name) => (
            <Tabs.Panel key={name} value={name}>
              {panels[name]()}
            </Tabs.Panel>
          ))}
        </Tabs>
      </main>
      {changing && <PasswordDialog onClose={() => setChanging(false)} />}
    </div>
  );
}

/** The tab is in the address, so that a reload comes back to it. */
function tabOfAddress(): TabName {
  const wanted = location.hash.slice(1);
  return tabs.find((name) => name === wanted) ?? 'overview';
}

export function LanguageChoice() {
  const { t, language, change } = useReader();
  return (
    <Select
      size="xs"
      w={120}
      aria-label={t('language')}
      allowDeselect={false}
      value={language}
      onChange={(next) => change(next as CloudLanguage)}
      data={[
        { value: 'en', label: 'English' },
        { value: 'zh-CN', label: '简体中文' },
      ]}
    />
  );
}
