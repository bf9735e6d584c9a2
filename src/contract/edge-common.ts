import Type from 'typebox';
import { strict } from './common.ts';

export const EdgeSession = strict(
  {
    userId: Type.String({ description: 'User id' }),
    csrfToken: Type.String({ description: 'Send it as `X-CSRF-Token` with every change' }),
  },
  {
    title: 'EdgeSession',
    description: 'Who is signed in, and what changes must carry',
    examples: [{ userId: 'admin', csrfToken: 'bXkgdG9rZW4gZm9yIGNoYW5nZXM' }],
  },
);

export const EdgePasswordChange = strict(
  {
    current: Type.String({ minLength: 1, maxLength: 256, description: 'The password as it is' }),
    password: Type.String({ minLength: 12, maxLength: 256, description: 'The new one, at least 12 characters' }),
  },
  {
    title: 'EdgePasswordChange',
    description: 'Another password for the administrator of this host',
    examples: [{ current: 'as written at the first start', password: 'a better one, by you' }],
  },
);

export const Hindrance = strict(
  {
    code: Type.String({ description: 'Stable name' }),
    subject: Type.String({ description: 'The name it is about; empty: none' }),
    message: Type.String({ description: 'In plain words' }),
  },
  {
    title: 'Hindrance',
    description: 'Why phones are not served',
    examples: [{ code: 'no_controller', subject: '', message: 'no Expressway-C is connected' }],
  },
);

/** Which role this console belongs to: the page asks before anybody has signed in. */
export const EdgeRole = strict(
  {
    role: Type.Enum(['expressway-c', 'expressway-e'], { description: 'What runs here' }),
    name: Type.String({ description: 'Its name' }),
  },
  { title: 'EdgeRole', description: 'What runs on this host', examples: [{ role: 'expressway-e', name: 'e1' }] },
);
