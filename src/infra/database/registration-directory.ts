import { type Kysely, sql } from 'kysely';
import { digestPasswordPurpose } from '../../domain/devices/digest-password.ts';
import type { Sealer } from '../../domain/ports.ts';
import type { RegisteringDevice, RegistrationDirectory } from '../../domain/registration/ports.ts';
import { fromUtf8 } from '../../kernel/bytes.ts';
import type { Database } from './schema.ts';

/** Purpose that digest passwords are sealed with. */
/** Entries kept; beyond, everything is read anew. */
const capacity = 200_000;
/** How long "there is no such device" is believed, ms: junk must not become queries. */
const absentMs = 5_000;

interface Row {
  readonly id: string;
  readonly name: string;
  readonly requires_activation_code: boolean;
  readonly mra_allowed: boolean;
  readonly model_auto_registers: boolean;
  readonly enabled: boolean;
  readonly stamp: string;
  readonly digest_password_sealed: Buffer | null;
  readonly device_security_mode: string;
  readonly transport: string;
  readonly digest_authentication: boolean;
  readonly timer_keep_alive_expires: number;
  readonly intercom_allowed: boolean;
  readonly lines: readonly {
    readonly number: string;
    readonly partition: string;
    readonly contactUser: string;
    readonly display: string;
  }[];
}

/**
 * Device records for the registrar, cached. A role that listens for `config_changed` calls `forget` for each notice, and `trust(false)` while it cannot
 * listen: then every answer comes from the database.
 */
export class CachedRegistrationDirectory implements RegistrationDirectory {
  readonly #db: Kysely<Database>;
  readonly #sealer: Sealer;
  readonly #devices = new Map<string, { device: RegisteringDevice | undefined; readonly until: number }>();
  readonly #numbers = new Map<string, { names: readonly string[]; readonly until: number }>();
  readonly #asking = new Map<string, Promise<RegisteringDevice | undefined>>();
  readonly #now: () => number;
  /** Grows with every notice, so that an answer that was under way then is not kept. */
  #generation = 0;
  #trusted = true;

  constructor(db: Kysely<Database>, sealer: Sealer, now: () => number = () => performance.now()) {
    this.#db = db;
    this.#sealer = sealer;
    this.#now = now;
  }

  /** A device's record changed; `*`: all may have. */
  forget(name: string): void {
    this.#generation++;
    this.#asking.clear();
    this.#numbers.clear();
    if (name === '*') this.#devices.clear();
    else this.#devices.delete(name);
  }

  /** Whether notices of changes arrive. Not trusted: nothing is taken from memory. */
  trust(trusted: boolean): void {
    this.#trusted = trusted;
    this.forget('*');
  }

  async byName(name: string): Promise<RegisteringDevice | undefined> {
    const held = this.#trusted ? this.#devices.get(name) : undefined;
    if (held !== undefined && held.until > this.#now()) return held.device;
    const asking = this.#asking.get(name);
    if (asking !== undefined) return asking;
    const answer = this.#read(name).finally(() => {
      if (this.#asking.get(name) === answer) this.#asking.delete(name);
    });
    this.#asking.set(name, answer);
    return answer;
  }

  async #read(name: string): Promise<RegisteringDevice | undefined> {
    const generation = this.#generation;
    const { rows } = await sql<Row>`
      SELECT d.id, d.name, d.requires_activation_code, d.allow_activation_code_via_mra AS mra_allowed, def.on_premise_onboarding_method = 'AutoRegistration' AS model_auto_registers, d.enabled, phone_config_epoch(d.id, d.config_epoch, d.owner_user_id) || '-' || d.config_uuid AS stamp,
             d.digest_password_sealed, p.device_security_mode, p.transport, p.digest_authentication, s.timer_keep_alive_expires, s.intercom_allowed,
             coalesce((SELECT json_agg(json_build_object('number', l.directory_number, 'partition', r.name, 'contactUser', dl.contact_uuid,
                                                       'display', dl.display)
                                       ORDER BY dl.line_index)
                       FROM device_line dl JOIN line l ON l.id = dl.line_id JOIN route_partition r ON r.id = l.route_partition_id
                       WHERE dl.device_id = d.id), '[]') AS lines
      FROM device d
      JOIN phone_security_profile p ON p.id = d.phone_security_profile_id
      JOIN sip_profile s ON s.id = d.sip_profile_id
      JOIN device_default def ON def.model = d.model
      WHERE d.name = ${name}`.execute(this.#db);
    const device = rows[0] === undefined ? undefined : this.#deviceOf(rows[0]);
    if (generation === this.#generation && this.#trusted) {
      if (this.#devices.size >= capacity) this.#devices.clear();
      this.#devices.set(name, {
        device,
        until: device === undefined ? this.#now() + absentMs : Number.POSITIVE_INFINITY,
      });
    }
    return device;
  }

  #deviceOf(row: Row): RegisteringDevice {
    const sealed = row.digest_password_sealed;
    const digest = {
      kind: 'digest',
      password: sealed === null ? undefined : fromUtf8(this.#sealer.open(digestPasswordPurpose, sealed)),
    } as const;
    const secure = row.device_security_mode !== 'non-secure';
    return {
      id: row.id,
      name: row.name,
      lines: row.lines,
      authentication: secure ? { kind: 'certificate' } : row.digest_authentication ? digest : { kind: 'none' },
      transports: transportsOf(row.transport),
      locked: row.requires_activation_code,
      mraAllowed: row.mra_allowed,
      modelAutoRegisters: row.model_auto_registers,
      enabled: row.enabled,
      intercom: row.intercom_allowed,
      keepAliveSeconds: row.timer_keep_alive_expires,
      versionStamp: row.stamp,
    };
  }

  async byNumber(number: string): Promise<readonly RegisteringDevice[]> {
    const held = this.#trusted ? this.#numbers.get(number) : undefined;
    const names = held !== undefined && held.until > this.#now() ? held.names : await this.#namesOf(number);
    const only = names.length === 1 && this.#trusted ? this.#devices.get(names[0]!)?.device : undefined;
    if (only !== undefined) return [only];
    const devices = await Promise.all(names.map((name) => this.byName(name)));
    return devices.filter((device) => device !== undefined);
  }

  async #namesOf(number: string): Promise<readonly string[]> {
    const generation = this.#generation;
    const rows = await this.#db
      .selectFrom('line')
      .innerJoin('device_line', 'device_line.line_id', 'line.id')
      .innerJoin('device', 'device.id', 'device_line.device_id')
      .where('line.directory_number', '=', number)
      .select('device.name')
      .distinct()
      .orderBy('device.name')
      .execute();
    const names = rows.map((row) => row.name);
    if (generation === this.#generation && this.#trusted) {
      if (this.#numbers.size >= capacity) this.#numbers.clear();
      // An empty answer may change by a line that gets its first phone, which does name the phone.
      this.#numbers.set(number, {
        names,
        until: names.length === 0 ? this.#now() + absentMs : Number.POSITIVE_INFINITY,
      });
    }
    return names;
  }
}

function transportsOf(transport: string): RegisteringDevice['transports'] {
  switch (transport) {
    case 'tls':
      return ['tls'];
    case 'udp':
      return ['udp'];
    case 'tcp':
      return ['tcp'];
    default:
      return ['udp', 'tcp'];
  }
}
