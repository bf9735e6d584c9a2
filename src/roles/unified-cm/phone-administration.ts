import type { Kysely } from 'kysely';
import type { ActivationCodes } from '../../domain/activation/codes.ts';
import type { AuditLog } from '../../domain/audit-log.ts';
import { DeviceDefaultService } from '../../domain/devices/device-defaults.ts';
import { PhoneCodeService } from '../../domain/devices/phone-code-service.ts';
import type { PhoneParts } from '../../domain/devices/phone-parts.ts';
import { PhoneService } from '../../domain/devices/phone-service.ts';
import { TimelineService } from '../../domain/onboarding/timeline-service.ts';
import type { Sealer, Timeline } from '../../domain/ports.ts';
import { deviceDefaultModule } from '../../endpoints/rest/device-defaults.ts';
import { phoneCodeModule } from '../../endpoints/rest/phone-codes.ts';
import { phoneTimelineModule } from '../../endpoints/rest/phone-timeline.ts';
import { phoneModule } from '../../endpoints/rest/phones.ts';
import { registrationModule } from '../../endpoints/rest/registrations.ts';
import type { RestModule } from '../../endpoints/rest/route.ts';
import { deviceAccess, serviceControl } from '../../infra/database/devices-access.ts';
import { deviceDefaultStore } from '../../infra/database/devices-defaults-store.ts';
import {
  outstandingCodeStore,
  phoneListStore,
  registrationListStore,
} from '../../infra/database/devices-list-store.ts';
import { phoneReferenceStore } from '../../infra/database/devices-references-store.ts';
import { phoneStore } from '../../infra/database/devices-store.ts';
import type { Database } from '../../infra/database/schema.ts';
import { timelineStore } from '../../infra/database/timeline-store.ts';
import { summaryStore } from '../../infra/database/timeline-summary-store.ts';
import type { Random } from '../../kernel/random.ts';
import type { Transactions } from '../../kernel/transaction.ts';

export interface PhoneAdministrationParts {
  readonly db: Kysely<Database>;
  readonly transactions: Transactions;
  readonly sealer: Sealer;
  readonly random: Random;
  readonly codes: ActivationCodes;
  readonly audit: AuditLog;
  readonly timeline: Timeline;
}

export interface PhoneAdministration {
  /** For what makes or changes phones in a transaction of its own: auto-registration, TAPS. */
  readonly parts: PhoneParts;
  readonly phones: PhoneService;
  readonly phoneCodes: PhoneCodeService;
  readonly deviceDefaults: DeviceDefaultService;
  /** For the REST door. */
  readonly modules: readonly RestModule[];
}

/** Phones, their codes, Device Defaults, timelines and registrations, over one database. */
export function phoneAdministration({
  db,
  transactions,
  sealer,
  random,
  codes,
  audit,
  timeline,
}: PhoneAdministrationParts): PhoneAdministration {
  const parts: PhoneParts = {
    transactions,
    phones: phoneStore(db),
    references: phoneReferenceStore(db),
    codes,
    access: deviceAccess(db),
    serviceControl: serviceControl(db),
    audit,
    timeline,
    sealer,
    random,
  };
  const phones = new PhoneService(parts);
  const phoneCodes = new PhoneCodeService(parts);
  const deviceDefaults = new DeviceDefaultService({ transactions, defaults: deviceDefaultStore(db), audit });
  return {
    parts,
    phones,
    phoneCodes,
    deviceDefaults,
    modules: [
      phoneModule(phones, phoneListStore(db)),
      phoneCodeModule(phones, phoneCodes, outstandingCodeStore(db)),
      deviceDefaultModule(deviceDefaults),
      phoneTimelineModule(phones, new TimelineService(timelineStore(db), summaryStore(db))),
      registrationModule(registrationListStore(db)),
    ],
  };
}
