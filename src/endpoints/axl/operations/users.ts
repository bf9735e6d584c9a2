import type { AccessService } from '../../../domain/access/access-service.ts';
import { lookupCriteria, type ObjectLookup } from '../../../domain/integrations/object-lookup.ts';
import type { Stored } from '../../../domain/settings/resource.ts';
import type { UserRecord } from '../../../domain/users/user.ts';
import type { UserService } from '../../../domain/users/user-service.ts';
import type { XmlTree } from '../../../protocol/phone-config/xml-reader.ts';
import { child, text } from '../../../protocol/soap/elements.ts';
import { el, type SoapElement } from '../../../protocol/soap/envelope.ts';
import { badValue } from '../axl-fault.ts';
import { each, listing } from '../elements.ts';
import { listed, meant } from '../lists.ts';
import type { AxlOperation } from '../operation.ts';
import { userElements, userTags } from '../other-elements.ts';
import { readWanted, row, uuidAttribute } from '../reply.ts';
import { userOrder } from '../schema-order.ts';
import { writeUuid } from '../values.ts';
import { needed } from './settings-object.ts';

const what = 'User';

export interface UserOperationParts {
  readonly users: UserService;
  readonly access: AccessService;
  readonly lookup: ObjectLookup;
  /** Names of the phones a user owns. */
  readonly phonesOf: (userId: string) => Promise<readonly string[]>;
}

/** addUser, updateUser, getUser, listUser, removeUser, doAuthenticateUser. Roles are given on our pages, not here. */
export function userOperations({ users, access, lookup, phonesOf }: UserOperationParts): readonly AxlOperation[] {
  const named = (request: XmlTree) => meant(lookup, 'user', request, what, 'userid');
  const shown = async (stored: Stored<UserRecord>, request: XmlTree, withDevices: boolean) => {
    const { value, id } = stored;
    const devices: SoapElement[] | undefined = withDevices
      ? (await phonesOf(value.userId)).map((name) => el('device', name))
      : undefined;
    return row(
      'user',
      userOrder,
      {
        firstName: value.firstName,
        displayName: [value.firstName, value.lastName].filter((each) => each !== '').join(' '),
        middleName: null,
        lastName: value.lastName,
        userid: value.userId,
        mailid: value.mail,
        department: null,
        manager: null,
        userLocale: null,
        associatedDevices: devices,
        associatedGroups: [],
        presenceGroupName: 'Standard Presence group',
        status: value.enabled ? 1 : 0,
        telephoneNumber: null,
      },
      readWanted(request),
      uuidAttribute(id),
    );
  };
  return [
    {
      name: 'addUser',
      what,
      takes: { user: { inside: userElements } },
      needs: ['users.write'],
      async handle({ element, caller }) {
        const tree = child(element, 'user');
        if (tree === undefined) throw badValue('user', 'The request needs the element user.');
        const stored = await users.add(
          caller,
          {
            userId: needed(text(tree, 'userid'), 'userid'),
            firstName: text(tree, 'firstName') ?? '',
            lastName: needed(text(tree, 'lastName'), 'lastName'),
            mail: text(tree, 'mailid') ?? '',
            locale: 'en',
            roles: ['end-user'],
            enabled: true,
          },
          secretsOf(tree),
        );
        return writeUuid(stored.id);
      },
    },
    {
      name: 'updateUser',
      what,
      takes: { ...userElements, user: { inside: userElements } },
      needs: ['users.write'],
      async handle({ element, caller }) {
        const found = await named(element);
        const tree = child(element, 'user') ?? element;
        const userId = text(tree, 'newUserid');
        const firstName = text(tree, 'firstName');
        const lastName = text(tree, 'lastName');
        const mail = text(tree, 'mailid');
        const stored = await users.change(
          caller,
          found.name,
          {
            ...(userId && { userId }),
            ...(firstName !== undefined && { firstName }),
            ...(lastName !== undefined && { lastName }),
            ...(mail !== undefined && { mail }),
            ...secretsOf(tree),
          },
          undefined,
        );
        return writeUuid(stored.id);
      },
    },
    {
      name: 'getUser',
      what,
      takes: { ...each('read', ['userid', 'uuid']), returnedTags: { tags: userTags } },
      needs: ['users.read'],
      handle: async ({ element }) => [await shown(await users.get((await named(element)).name), element, true)],
    },
    {
      name: 'listUser',
      what,
      takes: listing(lookupCriteria.user, userTags),
      needs: ['users.read'],
      async handle({ element }) {
        const found = await listed(lookup, 'user', element);
        const rows = await Promise.all(found.map((each) => users.get(each.name).catch(() => undefined)));
        return Promise.all(rows.filter((each) => each !== undefined).map((each) => shown(each, element, false)));
      },
    },
    {
      name: 'removeUser',
      what,
      takes: each('read', ['userid', 'uuid']),
      needs: ['users.write'],
      async handle({ element, caller }) {
        const found = await named(element);
        await users.remove(caller, found.name, undefined);
        return writeUuid(found.id);
      },
    },
    {
      name: 'doAuthenticateUser',
      what,
      takes: each('read', ['userid', 'password', 'pin']),
      needs: ['users.read'],
      async handle({ element, caller }) {
        const userId = text(element, 'userid') ?? '';
        const password = text(element, 'password');
        if (password === undefined)
          throw badValue('password', 'Only passwords are checked here; send userid and password.');
        const right = await access.proveFor(caller, userId, password);
        return [
          el('userAuthenticated', String(right)),
          el('code', right ? '0' : '1'),
          el('daysToExpiry', '0'),
          el('isWarningNeeded', 'false'),
        ];
      },
    },
  ];
}

function secretsOf(tree: XmlTree): { password?: string; pin?: string } {
  const password = text(tree, 'password');
  const pin = text(tree, 'pin');
  return { ...(password && { password }), ...(pin && { pin }) };
}
