import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { request } from '../../api/client.ts';
import { useLeaving } from '../../api/leaving.ts';
import { isProblem } from '../../api/problem.ts';
import { Loading, Page, Panel } from '../../components/page.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { TimelineView } from '../../components/timeline.tsx';
import { useText } from '../../i18n/use-text.ts';
import { PhoneConfiguration } from './phone-configuration.tsx';

/** Phone Configuration, followed through every change of the name of the phone. */
export function PhonePage() {
  const { name = '' } = useParams();
  const go = useNavigate();
  const queries = useQueryClient();
  const [ids, setIds] = useState<Readonly<Record<string, string>>>({});
  const id = ids[name];
  const leaving = useLeaving();
  const named = useQuery({
    queryKey: ['phone-named', name],
    enabled: id === undefined,
    queryFn: async ({ signal }) => {
      const answer = await request('GET /phones/{name}', { path: { name }, signal });
      queries.setQueryData(['phone', answer.body.id], answer);
      setIds((before) => ({ ...before, [name]: answer.body.id, [answer.body.name]: answer.body.id }));
      return answer;
    },
  });
  // Once it is known, the phone is followed by its id, which no activation changes.
  const phone = useQuery({
    queryKey: ['phone', id],
    enabled: id !== undefined,
    refetchInterval: leaving ? false : 3_000,
    queryFn: ({ signal }) => request('GET /phones/{name}', { path: { name: id! }, signal }),
  });
  // An activation renames the phone while its page is open: the address follows.
  const nameNow = phone.data?.body.name ?? nameToday(named.error);
  useEffect(() => {
    if (nameNow === undefined || nameNow === name) return;
    if (id !== undefined) setIds((before) => ({ ...before, [nameNow]: id }));
    void go(`/device/phones/${nameNow}`, { replace: true, state: { renamed: true } });
  }, [nameNow, name, id, go]);
  const error = phone.error ?? named.error;
  if (isProblem(error, 'phone_not_found') && nameToday(error) === undefined)
    return <NoSuchPhone name={name} error={error} />;
  if (phone.data !== undefined) return <PhoneConfiguration key={phone.data.body.id} phone={phone.data.body} />;
  return error === null || nameNow !== undefined ? (
    <Loading />
  ) : (
    <ProblemNote error={error} onRetry={() => void named.refetch()} />
  );
}

function nameToday(error: unknown): string | undefined {
  const name = isProblem(error, 'phone_not_found') ? error.members['nameToday'] : undefined;
  return typeof name === 'string' ? name : undefined;
}

/** No record of that name; a MAC address may have a story all the same. */
function NoSuchPhone({ name, error }: { name: string; error: unknown }) {
  const { t } = useText();
  return (
    <Page title={name}>
      <ProblemNote error={error} />
      {/^SEP[0-9A-Fa-f]{12}$/.test(name) && (
        <Panel title={t('timeline.title')}>
          <TimelineView path="/timeline" query={{ mac: name.slice(3) }} />
        </Panel>
      )}
    </Page>
  );
}
