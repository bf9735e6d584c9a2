import Type from 'typebox';
import { strict } from './common.ts';
import { roleNames } from './users.ts';

export const SignIn = strict(
  {
    userId: Type.String({ minLength: 1, maxLength: 128, description: 'User id' }),
    password: Type.String({ minLength: 1, maxLength: 256, description: 'Password' }),
  },
  {
    title: 'SignIn',
    description: 'Who wants to sign in',
    examples: [{ userId: 'admin', password: 'as written at the first start' }],
  },
);

const me = {
  userId: Type.String({ description: 'User id' }),
  userUuid: Type.String({ description: 'Identity that never changes' }),
  firstName: Type.String({ description: 'First name' }),
  lastName: Type.String({ description: 'Last name' }),
  locale: Type.String({ description: 'Language of the pages' }),
  roles: Type.Array(Type.Enum([...roleNames]), { description: 'Roles held' }),
  permissions: Type.Array(Type.String(), { description: 'What these roles allow' }),
};
const example = {
  userId: 'admin',
  userUuid: '5b7b0b38-6f0c-4b4e-9a6a-3d1a5d6b1c55',
  firstName: '',
  lastName: 'Administrator',
  locale: 'en',
  roles: ['super'],
  permissions: ['phones.read', 'phones.write'],
};

export const Me = strict(me, { title: 'Me', description: 'Who is signed in', examples: [example] });

export const Session = strict(
  { ...me, csrfToken: Type.String({ description: 'Send it as `X-CSRF-Token` with every change' }) },
  {
    title: 'Session',
    description: 'Who is signed in, and what changes must carry',
    examples: [{ ...example, csrfToken: 'bXkgdG9rZW4gZm9yIGNoYW5nZXM' }],
  },
);

export const SessionChange = strict(
  { locale: Type.Enum(['en', 'zh-CN'], { description: 'Language of the pages' }) },
  { title: 'SessionChange', description: "A change of one's own settings", examples: [{ locale: 'zh-CN' }] },
);
