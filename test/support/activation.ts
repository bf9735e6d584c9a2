import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { IssuedCode } from '../../src/domain/activation/code-requests.ts';
import { type ActivationCodes, activationCodes } from '../../src/domain/activation/codes.ts';
import type { AuditLog } from '../../src/domain/audit-log.ts';
import type { Sealer } from '../../src/domain/ports.ts';
import type { DeviceName } from '../../src/identifiers/device-name.ts';
import type { MacAddress } from '../../src/identifiers/mac-address.ts';
import { type CodeKdfPool, codeKdfPool } from '../../src/infra/crypto/code-kdf.ts';
import { codeFingerprints } from '../../src/infra/crypto/code-secrets.ts';
import { systemRandom } from '../../src/infra/crypto/random.ts';
import { sealer } from '../../src/infra/crypto/sealer.ts';
import { activationCodeStore } from '../../src/infra/database/activation-code-store.ts';
import { auditLog } from '../../src/infra/database/audit-log.ts';
import type { TestDatabase } from './database.ts';

export const testKeyEncryptionKey = randomBytes(32);
export const testActor = { name: 'tester', sourceAddress: '' };

export function plainAuditLog(database: TestDatabase): AuditLog {
  return auditLog(database.db, 'test-node');
}

let sharedKdf: CodeKdfPool | undefined;

export interface CodeBench {
  readonly codes: ActivationCodes;
  readonly sealer: Sealer;
  /** A device row with nothing special about it. */
  addDevice(device?: Partial<TestDevice>): Promise<TestDevice>;
  issue(device: TestDevice, options?: { hours?: number; viaMra?: boolean }): Promise<IssuedCode>;
}

export interface TestDevice {
  readonly id: string;
  readonly name: DeviceName;
  readonly model: string;
  readonly boundMac?: MacAddress;
  /** "Allow Activation Code via MRA". */
  readonly mra?: boolean;
}

/** Devices and codes in a test database, without the phone service. */
export function codeBench(
  database: TestDatabase,
  keyEncryptionKey: Uint8Array = testKeyEncryptionKey,
  audit: AuditLog = auditLog(database.db, 'test-node'),
): CodeBench {
  sharedKdf ??= codeKdfPool(1);
  const box = sealer(keyEncryptionKey);
  const codes = activationCodes({
    store: activationCodeStore(database.db),
    sealer: box,
    kdf: sharedKdf,
    fingerprints: codeFingerprints(keyEncryptionKey),
    random: systemRandom,
    audit,
  });
  return {
    codes,
    sealer: box,
    async addDevice(device = {}) {
      const model = device.model ?? 'Cisco 8845';
      const name = device.name ?? (`BAT${randomBytes(6).toString('hex').toUpperCase()}` as DeviceName);
      const { rows } = await sql<{ id: string }>`
        insert into device (name, model, device_pool_id, phone_button_template_id, phone_security_profile_id, sip_profile_id,
                            common_phone_profile_id, requires_activation_code, allow_activation_code_via_mra)
        select ${name}, ${model}, dd.device_pool_id, dd.phone_button_template_id, udt.phone_security_profile_id, udt.sip_profile_id,
               udt.common_phone_profile_id, true, ${device.mra ?? false}
        from device_default dd, universal_device_template udt where dd.model = ${model}
        returning id`.execute(database.db);
      return { ...device, id: rows[0]!.id, name, model };
    },
    async issue(device, options = {}) {
      const prepared = await codes.prepare();
      return database.transactions.run((tx) =>
        codes.issue(tx, prepared, {
          deviceId: device.id,
          deviceName: device.name,
          model: device.model,
          ...(device.boundMac && { boundMac: device.boundMac }),
          viaMra: options.viaMra ?? false,
          timeToLiveHours: options.hours ?? 168,
          actor: testActor,
        }),
      );
    },
  };
}
