import { setTimeout as pause } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { AuditLog } from '../../domain/audit-log.ts';
import type { PhoneService } from '../../domain/devices/phone-service.ts';
import { MailSender } from '../../domain/mail/mail-sender.ts';
import { MailService } from '../../domain/mail/mail-service.ts';
import { MailSetups } from '../../domain/mail/mail-setup.ts';
import type { MailStore, MailTransport } from '../../domain/mail/ports.ts';
import type { Sealer, Timeline } from '../../domain/ports.ts';
import type { UserService } from '../../domain/users/user-service.ts';
import { mailModule } from '../../endpoints/rest/mail.ts';
import type { RestModule } from '../../endpoints/rest/route.ts';
import { mailSetupStore } from '../../infra/database/mail-setup-store.ts';
import { mailStore } from '../../infra/database/mail-store.ts';
import type { Database } from '../../infra/database/schema.ts';
import { qrPictures } from '../../infra/mail/qr-pictures.ts';
import type { Log } from '../../kernel/log.ts';
import type { Random } from '../../kernel/random.ts';
import type { Transactions } from '../../kernel/transaction.ts';

export interface MailAdministrationParts {
  readonly db: Kysely<Database>;
  readonly transactions: Transactions;
  readonly sealer: Sealer;
  readonly random: Random;
  readonly audit: AuditLog;
  readonly timeline: Timeline;
  readonly phones: PhoneService;
  readonly users: Pick<UserService, 'get'>;
  readonly transport: MailTransport;
  readonly log: Log;
  /** Name of the node. */
  readonly node: string;
  readonly ownSelfCareUrl: string;
  /** From the configuration of the node. */
  readonly password?: string | undefined;
  readonly onGivenUp: () => void;
}

export interface MailAdministration {
  readonly store: MailStore;
  readonly service: MailService;
  readonly sender: MailSender;
  /** For the REST door. */
  readonly modules: readonly RestModule[];
}

/** The hand-over of codes by e-mail, over one database. */
export function mailAdministration(parts: MailAdministrationParts): MailAdministration {
  const { db, sealer, transactions, audit, timeline, transport, random, log, node, onGivenUp } = parts;
  const store = mailStore(db, node);
  const setups = new MailSetups({
    store: mailSetupStore(db),
    sealer,
    password: parts.password,
    ownSelfCareUrl: parts.ownSelfCareUrl,
  });
  const service = new MailService({
    store,
    setups,
    transport,
    transactions,
    audit,
    timeline,
    newId: () => random.uuid(),
  });
  const sender = new MailSender({
    store,
    setups,
    transport,
    qr: qrPictures,
    sealer,
    transactions,
    audit,
    timeline,
    log,
    pause: async (ms) => void (await pause(ms)),
    onGivenUp,
  });
  return { store, service, sender, modules: [mailModule(service, parts.phones, parts.users)] };
}
