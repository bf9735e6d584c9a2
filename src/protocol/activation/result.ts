import { fromUtf8, utf8 } from '../../kernel/bytes.ts';
import { MalformedError } from '../../kernel/errors.ts';
import {
  asObject,
  booleanField,
  integerField,
  listField,
  oneOf,
  onlyMembers,
  parseObject,
  textField,
} from '../json/fields.ts';
import type { JsonObject, JsonValue } from '../json/strict-json.ts';
import { type RefusalReason, refusalReasons } from './answers.ts';

/** The plaintext of `sealed` (spec §4). Times are RFC 3339 in UTC; fingerprints are lower-case hex of SHA-256. */

export interface TvsAddress {
  readonly host: string;
  readonly port: number;
  readonly spkiSha256: string;
}

export interface SipServer {
  readonly host: string;
  readonly port: number;
}

/** What the phone needs to register. Credentials only here: never in a configuration file. */
export interface SipSettings {
  readonly transport: 'tls' | 'tcp' | 'udp';
  /** In order of preference. */
  readonly servers: readonly SipServer[];
  /** Non-secure profiles; without it the phone is known by its MIC. */
  readonly digest?: { readonly username: string; readonly password: string };
}

export interface ActivatedResult {
  readonly status: 'activated';
  readonly activationId: string;
  /** True when this MIC had activated with this code before and asks again. */
  readonly already: boolean;
  readonly deviceName: string;
  readonly dasId: string;
  readonly serverTime: string;
  readonly trust: {
    readonly itlSha256: string;
    /** Lists that were served until a moment ago and hold nothing that the newest one does not hold. Written only when there are any. */
    readonly itlPreviousSha256?: readonly string[];
    readonly tvs: readonly TvsAddress[];
    readonly phoneEdgeTrustSha256: readonly string[];
  };
  /** host:port of each TFTP server. */
  readonly tftp: readonly string[];
  readonly configUrl: string;
  readonly sip: SipSettings;
  readonly mra?: { readonly activationDomain: string; readonly serviceDomain: string };
  readonly oauth?: {
    readonly accessToken: string;
    readonly refreshToken: string;
    readonly tokenType: string;
    readonly expiresIn: number;
  };
  readonly confirmBy: string;
}

export interface RefusedResult {
  readonly status: 'refused';
  readonly reason: RefusalReason;
}

export type SealedResult = ActivatedResult | RefusedResult;

export function writeResult(result: SealedResult): Uint8Array {
  if (result.status === 'refused') return utf8(JSON.stringify({ status: 'refused', reason: result.reason }));
  return utf8(
    JSON.stringify({
      status: 'activated',
      activation_id: result.activationId,
      already: result.already,
      device_name: result.deviceName,
      das_id: result.dasId,
      server_time: result.serverTime,
      trust: {
        itl_sha256: result.trust.itlSha256,
        ...((result.trust.itlPreviousSha256 ?? []).length > 0 && {
          itl_previous_sha256: result.trust.itlPreviousSha256,
        }),
        tvs: result.trust.tvs.map(({ host, port, spkiSha256 }) => ({ host, port, spki_sha256: spkiSha256 })),
        phone_edge_trust_sha256: result.trust.phoneEdgeTrustSha256,
      },
      tftp: result.tftp,
      config_url: result.configUrl,
      sip: result.sip,
      ...(result.mra && {
        mra: { activation_domain: result.mra.activationDomain, service_domain: result.mra.serviceDomain },
      }),
      ...(result.oauth && {
        oauth: {
          access_token: result.oauth.accessToken,
          refresh_token: result.oauth.refreshToken,
          token_type: result.oauth.tokenType,
          expires_in: result.oauth.expiresIn,
        },
      }),
      confirm_by: result.confirmBy,
    }),
  );
}

const fingerprint = /^[0-9a-f]{64}$/;
const host = /^[A-Za-z0-9._:[\]-]{1,253}$/;
const instant = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?Z$/;
const activatedMembers = [
  'status',
  'activation_id',
  'already',
  'device_name',
  'das_id',
  'server_time',
  'trust',
  'tftp',
  'config_url',
  'sip',
  'mra',
  'oauth',
  'confirm_by',
];

const text = (value: JsonValue): string => {
  if (typeof value !== 'string') throw new MalformedError('list item is not a text');
  return value;
};

const matching = (form: RegExp) => (value: JsonValue) => {
  const item = text(value);
  if (!form.test(item)) throw new MalformedError('list item has not the required form');
  return item;
};

function readTrust(object: JsonObject): ActivatedResult['trust'] {
  onlyMembers(object, ['itl_sha256', 'itl_previous_sha256', 'tvs', 'phone_edge_trust_sha256']);
  const previous = object['itl_previous_sha256'] !== undefined;
  return {
    itlSha256: textField(object, 'itl_sha256', fingerprint),
    ...(previous && { itlPreviousSha256: listField(object, 'itl_previous_sha256', matching(fingerprint)) }),
    tvs: listField(object, 'tvs', (item) => {
      const tvs = asObject(item, 'tvs item');
      onlyMembers(tvs, ['host', 'port', 'spki_sha256']);
      return {
        host: textField(tvs, 'host', host),
        port: integerField(tvs, 'port', 1, 65535),
        spkiSha256: textField(tvs, 'spki_sha256', fingerprint),
      };
    }),
    phoneEdgeTrustSha256: listField(object, 'phone_edge_trust_sha256', matching(fingerprint)),
  };
}

function readSip(object: JsonObject): SipSettings {
  onlyMembers(object, ['transport', 'servers', 'digest']);
  const digest = object['digest'] === undefined ? undefined : asObject(object['digest'], 'digest');
  if (digest) onlyMembers(digest, ['username', 'password']);
  return {
    transport: oneOf(object, 'transport', ['tls', 'tcp', 'udp'] as const),
    servers: listField(object, 'servers', (item) => {
      const server = asObject(item, 'servers item');
      onlyMembers(server, ['host', 'port']);
      return { host: textField(server, 'host', host), port: integerField(server, 'port', 1, 65535) };
    }),
    ...(digest && { digest: { username: textField(digest, 'username'), password: textField(digest, 'password') } }),
  };
}

/** Throws MalformedError. The phone calls it only after M2 and the seal have verified. */
export function readResult(plain: Uint8Array): SealedResult {
  let decoded: string;
  try {
    decoded = fromUtf8(plain);
  } catch {
    throw new MalformedError('the sealed result is not UTF-8');
  }
  const message = parseObject(decoded);
  if (oneOf(message, 'status', ['activated', 'refused'] as const) === 'refused') {
    onlyMembers(message, ['status', 'reason']);
    return { status: 'refused', reason: oneOf(message, 'reason', refusalReasons) };
  }
  onlyMembers(message, activatedMembers);
  const mra = message['mra'] === undefined ? undefined : asObject(message['mra'], 'mra');
  const oauth = message['oauth'] === undefined ? undefined : asObject(message['oauth'], 'oauth');
  if (mra) onlyMembers(mra, ['activation_domain', 'service_domain']);
  if (oauth) onlyMembers(oauth, ['access_token', 'refresh_token', 'token_type', 'expires_in']);
  return {
    status: 'activated',
    activationId: textField(message, 'activation_id', /^[0-9a-f-]{36}$/),
    already: booleanField(message, 'already'),
    deviceName: textField(message, 'device_name', /^SEP[0-9A-F]{12}$/),
    dasId: textField(message, 'das_id'),
    serverTime: textField(message, 'server_time', instant),
    trust: readTrust(asObject(message['trust'], 'trust')),
    tftp: listField(message, 'tftp', text),
    configUrl: textField(message, 'config_url'),
    sip: readSip(asObject(message['sip'], 'sip')),
    ...(mra && {
      mra: { activationDomain: textField(mra, 'activation_domain'), serviceDomain: textField(mra, 'service_domain') },
    }),
    ...(oauth && {
      oauth: {
        accessToken: textField(oauth, 'access_token'),
        refreshToken: textField(oauth, 'refresh_token'),
        tokenType: textField(oauth, 'token_type'),
        expiresIn: integerField(oauth, 'expires_in', 0, 2 ** 31),
      },
    }),
    confirmBy: textField(message, 'confirm_by', instant),
  };
}
