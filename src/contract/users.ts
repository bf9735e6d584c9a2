import Type from 'typebox';
import { listQuery, pageOf, strict, text, Version } from './common.ts';

export const roleNames = ['super', 'device-admin', 'bulk-admin', 'code-reveal', 'auditor', 'end-user'] as const;
const Role = Type.Enum([...roleNames], {
  description:
    'super: everything; device-admin: phones and settings; bulk-admin: bulk jobs; code-reveal: sees activation codes; auditor: reads everything; end-user: own phones only',
});

const userId = Type.String({
  minLength: 1,
  maxLength: 128,
  pattern: '^[^\\s:/\\\\\\p{Cc}]+$',
  description: 'Name to sign in with; upper and lower case are the same',
});
const mail = Type.Union(
  [Type.Literal(''), Type.String({ maxLength: 254, pattern: '^[^\\s@<>"(),:;\\[\\]\\\\]+@[A-Za-z0-9.-]+$' })],
  { description: 'One plain mailbox, or empty' },
);
const locale = Type.Enum(['en', 'zh-CN'], { description: 'Language of the pages' });
const roles = Type.Array(Role, { minItems: 0, maxItems: 6, uniqueItems: true, description: 'What the user may do' });
const enabled = Type.Boolean({ description: 'Whether the user can sign in' });
const password = Type.Union([Type.String({ minLength: 1, maxLength: 256 }), Type.Null()], {
  description:
    'Set, never shown; null: cannot sign in with a password. Hard to guess: at least 8 characters, 12 for whoever holds a role beyond end-user',
});
const pin = Type.Union([Type.String({ pattern: '^[0-9]{4,20}$' }), Type.Null()], {
  description: 'Digits for sign-in at a phone; set, never shown; null: none',
});
const fields = {
  userId,
  firstName: text(64, 'First name'),
  lastName: text(64, 'Last name'),
  mail,
  locale,
  roles,
  enabled,
};
const example = {
  userId: 'anna',
  firstName: 'Anna',
  lastName: 'Fischer',
  mail: 'anna@example.org',
  locale: 'en',
  roles: ['end-user'],
  enabled: true,
};

export const User = strict(
  {
    ...fields,
    hasPassword: Type.Boolean({ description: 'Whether there is a password' }),
    hasPin: Type.Boolean({ description: 'Whether there is a PIN' }),
    version: Version,
  },
  { title: 'User', description: 'A person', examples: [{ ...example, hasPassword: true, hasPin: false, version: 1 }] },
);

const optional = {
  firstName: Type.Optional(fields.firstName),
  lastName: Type.Optional(fields.lastName),
  mail: Type.Optional(mail),
  locale: Type.Optional(locale),
  roles: Type.Optional(roles),
  enabled: Type.Optional(enabled),
  password: Type.Optional(password),
  pin: Type.Optional(pin),
};

export const NewUser = strict(
  { userId, ...optional },
  {
    title: 'NewUser',
    description: 'A person; roles: end-user where nothing is said',
    examples: [{ userId: 'anna', firstName: 'Anna', lastName: 'Fischer', password: 'kraut-und-rueben-7' }],
  },
);

export const UserChange = strict(
  { userId: Type.Optional(userId), ...optional },
  {
    title: 'UserChange',
    description: 'What to change; what is left out stays',
    minProperties: 1,
    examples: [{ roles: ['end-user', 'code-reveal'] }],
  },
);

export const UserListQuery = listQuery(['userId', 'lastName', 'firstName', 'mail'], {
  role: Type.Optional(Type.Enum([...roleNames], { description: 'Only users with this role' })),
  enabled: Type.Optional(Type.Boolean({ description: 'Only users who can sign in, or only those who cannot' })),
});
export const UserList = pageOf(User, 'UserList');
export const UserPath = strict({ userId: Type.String({ minLength: 1, maxLength: 128, description: 'The user id' }) });

export const PasswordChange = strict(
  {
    currentPassword: Type.String({ minLength: 1, maxLength: 256, description: 'The password as it is' }),
    newPassword: Type.String({
      minLength: 1,
      maxLength: 256,
      description: 'The password as it shall be, hard to guess: at least 8 characters, 12 for administrators',
    }),
  },
  {
    title: 'PasswordChange',
    description: "A change of one's own password",
    examples: [{ currentPassword: 'kraut-und-rueben-7', newPassword: 'birnen-bohnen-und-speck' }],
  },
);
