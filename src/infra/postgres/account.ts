import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Account, accountsHere } from '../account/accounts.ts';
import { PostgresFault } from './postgres-fault.ts';

/**
 * PostgreSQL refuses to run as root. An ordinary user runs it directly; root hands it to the owner of an existing cluster, else of the
 * directory it is made in (the account root is given up for, see infra/account), else to the first of `firstring`, `postgres`, `nobody` that this machine knows.
 */
export async function postgresAccount(dataDirectory: string): Promise<Account> {
  const uid = process.getuid?.() ?? -1;
  if (uid !== 0) return { uid, gid: process.getgid?.() ?? -1, name: 'self', switched: false };
  const accounts = await accountsHere();
  const owner = await stat(dataDirectory).catch(() => undefined);
  if (owner !== undefined && owner.uid !== 0) {
    const known = accounts.find((each) => each.uid === owner.uid);
    if (known !== undefined) return known;
    throw new PostgresFault(
      'ours',
      'postgres_wrong_owner',
      `${dataDirectory} belongs to user id ${owner.uid}, which is not an account here`,
      {
        remedy: `Give the directory to an account of this machine: chown -R postgres ${dataDirectory}`,
      },
    );
  }
  const above = await stat(dirname(dataDirectory)).catch(() => undefined);
  const usual = accounts.find(({ uid: each }) => each !== 0 && each === above?.uid);
  if (usual !== undefined) return usual;
  for (const name of ['firstring', 'postgres', 'nobody']) {
    const known = accounts.find((each) => each.name === name && each.uid !== 0);
    if (known !== undefined) return known;
  }
  throw new PostgresFault(
    'ours',
    'postgres_no_account',
    'PostgreSQL does not run as root and there is no other account to run it',
    {
      remedy:
        'Make one (useradd --system firstring), run Firstring as an ordinary user, or set FIRSTRING_DATABASE_URL.',
    },
  );
}
