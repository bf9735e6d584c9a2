import { SMTPServer } from 'smtp-server';

/** The process behind smtp-server.ts: a real SMTP server that tells its parent by IPC what it was given. */
export interface SmtpProcessOptions {
  /** 0: any. */
  readonly port: number;
  readonly security: 'None' | 'STARTTLS' | 'TLS';
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly login?: { readonly user: string; readonly password: string } | undefined;
  /** Takes connections and never says a word. */
  readonly mute?: boolean | undefined;
}

export type SmtpEvent =
  | { readonly type: 'listening'; readonly port: number }
  | { readonly type: 'connected' }
  | { readonly type: 'login'; readonly user: string; readonly secure: boolean }
  | { readonly type: 'message'; readonly from: string; readonly to: readonly string[]; readonly raw: string };

const options = JSON.parse(process.argv[2]!) as SmtpProcessOptions;
const tell = (event: SmtpEvent) => process.send?.(event);
const refusal = (code: number, text: string) => Object.assign(new Error(text), { responseCode: code });
const busyOnce = new Set<string>();

const server = new SMTPServer({
  secure: options.security === 'TLS',
  ...(options.cert === undefined ? {} : { cert: options.cert, key: options.key }),
  disabledCommands: [...(options.security === 'STARTTLS' ? [] : ['STARTTLS']), ...(options.login ? [] : ['AUTH'])],
  authOptional: options.login === undefined,
  logger: false,
  disableReverseLookup: true,
  onConnect(_session, callback) {
    tell({ type: 'connected' });
    if (!options.mute) callback();
  },
  onAuth(auth, session, callback) {
    tell({ type: 'login', user: auth.username ?? '', secure: session.secure });
    const right = auth.username === options.login?.user && auth.password === options.login?.password;
    if (right) callback(null, { user: auth.username ?? '' });
    else callback(refusal(535, `no, ${auth.username} with ${auth.password} is wrong`));
  },
  onMailFrom({ address }, _session, callback) {
    callback(address.startsWith('forbidden@') ? refusal(550, '5.7.1 not you') : null);
  },
  onRcptTo({ address }, _session, callback) {
    if (address.startsWith('unknown@')) return callback(refusal(550, '5.1.1 no such user here'));
    if (address.startsWith('busy@') && !busyOnce.has(address)) {
      busyOnce.add(address);
      return callback(refusal(451, '4.7.1 greylisted, come back'));
    }
    callback(null);
  },
  onData(stream, session, callback) {
    const parts: Buffer[] = [];
    stream.on('data', (part: Buffer) => parts.push(part));
    stream.on('end', () => {
      const { mailFrom, rcptTo } = session.envelope;
      const to = rcptTo.map(({ address }) => address);
      if (to[0]?.startsWith('spam@')) return callback(refusal(554, '5.7.0 looks like spam 1234-5678-9012-3450'));
      tell({
        type: 'message',
        from: mailFrom ? mailFrom.address : '',
        to,
        raw: Buffer.concat(parts).toString('base64'),
      });
      callback(null, 'taken');
    });
  },
});
server.on('error', () => {});
const listening = server.listen(options.port, '127.0.0.1', () => {
  tell({ type: 'listening', port: (listening.address() as { port: number }).port });
});
process.on('disconnect', () => process.exit(0));
