import type { Phone } from '../../domain/devices/phone.ts';
import type { UserRecord } from '../../domain/users/user.ts';
import type { PhoneModel } from '../../identifiers/phone-model.ts';
import { el, type SoapElement } from '../../protocol/soap/envelope.ts';

/** Documents of UDS. Every root says where it is and which version speaks. Source: reference "UDS". */
export interface UdsPlace {
  /** `https://host:8443/cucm-uds` */
  readonly base: string;
  readonly version: string;
}

const root = (place: UdsPlace, path: string, name: string, content: SoapElement['content'], more = {}) =>
  el(name, content, { uri: `${place.base}${path}`, version: place.version, ...more });

export function versionDocument(place: UdsPlace): SoapElement {
  return root(place, '/version', 'versionInformation', [
    el('version', place.version),
    el('capabilities', [el('usersResourceAuthEnabled', 'true')]),
  ]);
}

export function serversDocument(place: UdsPlace, hosts: readonly string[]): SoapElement {
  return root(
    place,
    '/servers',
    'servers',
    hosts.map((host) => el('server', host)),
  );
}

/** `userId` undefined: nobody of that name is at home here. */
export function clusterUserDocument(place: UdsPlace, userId: string | undefined, host: string): SoapElement {
  if (userId === undefined)
    return root(place, '/clusterUser', 'clusterUser', [el('result', '', { found: 'false', version: place.version })]);
  const uri = `${place.base}/user/${encodeURIComponent(userId)}`;
  return root(place, '/clusterUser', 'clusterUser', [
    el('result', '', { found: 'true', uri, version: place.version }),
    el('homeCluster', host, { serversUri: `${place.base}/servers` }),
    el('homeClusterDetails', [el('selfProvisioningSecureMode', 'true'), el('adminProvisionMode', 'false')]),
  ]);
}

export interface UserRow {
  readonly id: string;
  readonly user: UserRecord;
  /** The first directory number of the phones owned; empty: none. */
  readonly phoneNumber: string;
}

function userElements(place: UdsPlace, { id, user, phoneNumber }: UserRow): SoapElement[] {
  return [
    el('id', id),
    el('userName', user.userId),
    el('firstName', user.firstName),
    el('lastName', user.lastName),
    el('middleName'),
    el('nickName'),
    el('displayName', [user.firstName, user.lastName].filter((each) => each !== '').join(' ')),
    el('phoneNumber', phoneNumber),
    el('homeNumber'),
    el('mobileNumber'),
    el('email', user.mail),
    el('directoryUri'),
    el('msUri'),
    el('department'),
    el('manager'),
    el('title'),
    el('pager'),
  ].map((each) => (each.name === 'id' ? { ...each, attributes: { uri: userUri(place, user.userId) } } : each));
}

const userUri = (place: UdsPlace, userId: string) => `${place.base}/user/${encodeURIComponent(userId)}`;

export function usersDocument(
  place: UdsPlace,
  users: readonly UserRow[],
  page: { readonly start: number; readonly requested: number; readonly total: number },
): SoapElement {
  return root(
    place,
    '/users',
    'users',
    users.map((each) => el('user', userElements(place, each), { uri: userUri(place, each.user.userId) })),
    {
      start: String(page.start),
      requestedCount: String(page.requested),
      returnedCount: String(users.length),
      totalCount: String(page.total),
    },
  );
}

export function userDocument(place: UdsPlace, row: UserRow): SoapElement {
  const path = `/user/${encodeURIComponent(row.user.userId)}`;
  return root(place, path, 'user', [
    ...userElements(place, row),
    el('remoteDestinationLimit', '0'),
    el('accountType', 'local'),
    el('homeCluster', 'true'),
    el('devices', '', { uri: `${place.base}${path}/devices` }),
  ]);
}

function deviceElements(phone: Phone): SoapElement[] {
  return [
    el('id', phone.id),
    el('name', phone.name),
    el('type', 'Phone'),
    el('model', phone.model),
    el('description', phone.description, { editable: 'false', source: 'admin' }),
    el('protocol', 'SIP'),
  ];
}

const devicePath = (userId: string, phone: Phone) => `/user/${encodeURIComponent(userId)}/device/${phone.id}`;

export function devicesDocument(place: UdsPlace, userId: string, phones: readonly Phone[]): SoapElement {
  return root(
    place,
    `/user/${encodeURIComponent(userId)}/devices`,
    'devices',
    phones.map((phone) => el('device', deviceElements(phone), { uri: `${place.base}${devicePath(userId, phone)}` })),
  );
}

/** `fileUrl`: where the phone's own file is. */
export function deviceDocument(place: UdsPlace, userId: string, phone: Phone, fileUrl: string): SoapElement {
  return root(place, devicePath(userId, phone), 'device', [
    ...deviceElements(phone),
    el('hasPrimaryNumber', String(phone.lines.length > 0)),
    el('requireCerLocation', 'false'),
    el(
      'extensions',
      phone.lines.map((line) =>
        el('extension', [el('index', String(line.index)), el('directoryNumber', line.directoryNumber)]),
      ),
    ),
    el('provision', [el('uri', fileUrl)]),
  ]);
}

export function modelsDocument(place: UdsPlace, models: readonly PhoneModel[]): SoapElement {
  return root(
    place,
    '/options/models',
    'models',
    models.map((model) =>
      el('option', [el('value', String(model.typeId)), el('name', model.name), el('productId'), el('userGuides')]),
    ),
  );
}

export function errorDocument(code: string, message: string): SoapElement {
  return el('errors', [el('error', [el('code', code), el('message', message)])]);
}
