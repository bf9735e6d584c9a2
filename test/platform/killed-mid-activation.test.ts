import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { derToPem } from '../../src/infra/pki/identity.ts';
import { issueMic } from '../../src/infra/pki/lab-manufacturer.ts';
import { launchProgram, type RunningProgram, runProgram, startAllInOne } from '../support/all-in-one.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

/** Each moment is the last thing the phone says before everything on the server's side is killed; what follows is in flight then. */
const moments = ['trust', 'start', 'prove', 'confirm', 'register'] as const;

describe('the whole program killed in the midst of an activation', () => {
  let folder: string;
  let database: TestDatabase;
  let program: RunningProgram;
  const start = (portBase?: number) =>
    startAllInOne({
      dataDirectory: join(folder, 'data'),
      environment: { FIRSTRING_DATABASE_URL: database.url },
      ...(portBase === undefined ? {} : { portBase }),
    });
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'firstring-killed-'));
    database = await testDatabase();
    program = await start();
  });
  afterAll(async () => {
    await program?.stop();
    await database?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  async function micOf(mac: string): Promise<readonly string[]> {
    const { manufacturerCaCert, manufacturerCaKey } = program.lab!;
    const issuer = {
      certificate: new X509Certificate(await readFile(manufacturerCaCert)).raw,
      privateKey: createPrivateKey(await readFile(manufacturerCaKey)),
    };
    const { certificate, key } = await issueMic(issuer, { product: 'CP-8845', mac, kind: 'p-256' });
    const [certFile, keyFile] = [join(folder, `${mac}.pem`), join(folder, `${mac}.key.pem`)];
    await writeFile(certFile, derToPem(certificate) + (await readFile(manufacturerCaCert, 'utf8')));
    await writeFile(keyFile, key.privateKey.export({ format: 'pem', type: 'pkcs8' }) as string);
    return ['--mic-cert', certFile, '--mic-key', keyFile];
  }

  it.each(moments)('after “%s”: the same phone gets in with the same code, once', async (moment) => {
    const mac = `0200000000${String(10 + moments.indexOf(moment))}`;
    const { body: phone } = await program.rest('POST', '/phones', {
      model: 'Cisco 8845',
      requiresActivationCode: true,
    });
    const { body: code } = await program.rest('GET', `/phones/${phone.name}/activation-code`);
    const boot = async () => [
      ...[
        'phone',
        '--json',
        '--model',
        '8845',
        '--code',
        code.code as string,
        '--state-dir',
        join(folder, `state-${mac}`),
      ],
      ...['--tftp', new URL(program.endpoints['tftp']!).host, '--http', new URL(program.endpoints['tftpHttp']!).host],
      ...(await micOf(mac)),
    ];
    const args = await boot();
    const first = launchProgram(args);
    await new Promise<void>((reached) => {
      first.child.stdout!.on('data', () => {
        if (first.output().includes(`"step":"${moment}"`)) reached();
      });
      first.child.once('exit', () => reached());
    });
    expect(first.output()).toContain(`"step":"${moment}"`);
    await program.kill();
    first.child.kill('SIGKILL');
    await first.ended;
    program = await start(program.portBase);

    const again = await runProgram(args);
    expect(again.code, again.output).toBe(0);
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    try {
      const { rows } = await client.query(
        `select (select count(*)::int from activation where mac = $1) as activations,
                (select count(*)::int from device where name = $2) as devices,
                (select count(*)::int from device where name = $3) as left_over,
                (select count(*)::int from audit_event where action = 'activation.accepted' and object_name = $2) as audited,
                (select count(*)::int from activation_code c join activation a on a.code_id = c.id where a.mac = $1 and c.state in ('consumed', 'confirmed')) as codes`,
        [mac, `SEP${mac}`, phone.name],
      );
      expect(rows[0]).toEqual({ activations: 1, devices: 1, left_over: 0, audited: 1, codes: 1 });
    } finally {
      await client.end();
    }
  });
});
