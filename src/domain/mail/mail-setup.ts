import { fromUtf8, utf8 } from '../../kernel/bytes.ts';
import type { Transaction } from '../../kernel/transaction.ts';
import type { Sealer } from '../ports.ts';
import { enterpriseParameterKind } from '../settings/enterprise-parameters.ts';
import { mailParameter } from '../settings/mail-parameters.ts';
import { type Mailbox, parseMailbox } from './mailbox.ts';
import type { MailServer, MailSetupStore } from './ports.ts';

const passwordPurpose = 'smtp-password';

/** What administrators have set for mail, as it holds now. */
export interface MailSetup {
  /** Undefined: e-mail is not set up. */
  readonly server: MailServer | undefined;
  readonly sender: Mailbox | undefined;
  readonly selfCareUrl: string;
  readonly containsCode: boolean;
  /** Self Care shows people their codes. */
  readonly selfCareOpen: boolean;
  readonly timeLimitHours: number;
  /** As set, also while mail is off. */
  readonly shown: {
    readonly host: string;
    readonly port: number;
    readonly security: MailServer['security'];
    readonly user: string;
    readonly sender: string;
    readonly passwordFrom: 'environment' | 'database' | undefined;
  };
}

export interface MailSetupParts {
  readonly store: MailSetupStore;
  readonly sealer: Sealer;
  /** From the process's own configuration; wins. */
  readonly password: string | undefined;
  /** Self Care of this node, for links while no base URL is set. */
  readonly ownSelfCareUrl: string;
}

export class MailSetups {
  readonly #parts: MailSetupParts;

  constructor(parts: MailSetupParts) {
    this.#parts = parts;
  }

  /** Read each time: a change holds from the next message on, on every node. */
  async read(): Promise<MailSetup> {
    const { store, sealer, password, ownSelfCareUrl } = this.#parts;
    const [stored, sealed] = await Promise.all([store.parameters(), store.sealedPassword()]);
    const value = (name: string) => stored.get(name) ?? enterpriseParameterKind(name)?.defaultValue ?? '';
    const host = value(mailParameter.server);
    const port = Number(value(mailParameter.port));
    const security = value(mailParameter.security) as MailServer['security'];
    const user = value(mailParameter.user);
    const sender = parseMailbox(value(mailParameter.sender));
    const secret = password ?? (sealed === undefined ? undefined : fromUtf8(sealer.open(passwordPurpose, sealed)));
    // A password never crosses a connection that is not encrypted.
    const login = user === '' || security === 'None' ? undefined : { user, password: secret ?? '' };
    return {
      server: host === '' || sender === undefined ? undefined : { host, port, security, login },
      sender,
      selfCareUrl: value(mailParameter.selfCareUrl) || ownSelfCareUrl,
      containsCode: value(mailParameter.containsCode) === 'true',
      selfCareOpen: value('Show Phones Ready to Activate') === 'true',
      timeLimitHours: Number(value(mailParameter.timeLimit)),
      shown: {
        host,
        port,
        security,
        user,
        sender: value(mailParameter.sender),
        passwordFrom: password !== undefined ? 'environment' : sealed !== undefined ? 'database' : undefined,
      },
    };
  }

  async setPassword(tx: Transaction, password: string | undefined): Promise<void> {
    const { store, sealer } = this.#parts;
    await store.setSealedPassword(
      tx,
      password === undefined ? undefined : sealer.seal(passwordPurpose, utf8(password)),
    );
  }
}
