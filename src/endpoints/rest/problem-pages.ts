import Type from 'typebox';
import { strict } from '../../contract/common.ts';
import { say } from '../../texts/say.ts';
import type { ProblemTable } from './problem.ts';
import { RequestFault } from './request-fault.ts';
import { ok, type RestModule, route } from './route.ts';

const ProblemPage = strict(
  {
    code: Type.String({ description: 'The stable code' }),
    status: Type.Integer({ description: 'The HTTP status it comes with' }),
    title: Type.String({ description: 'What kind of problem it is' }),
  },
  {
    title: 'ProblemKind',
    description: 'One kind of problem',
    examples: [{ code: 'in_use', status: 409, title: 'Something still depends on it' }],
  },
);

/** The `type` of every problem document leads here. */
export function problemPages(table: ProblemTable<string>): RestModule {
  const kinds = Object.entries(table).map(([code, kind]) => ({ code, ...kind }));
  return {
    tag: 'System',
    description: 'The system itself',
    problems: {},
    routes: [
      route({
        method: 'GET',
        path: '/problems',
        needs: 'public',
        summary: 'List every kind of problem',
        description: 'All codes a problem document can carry, with their status.',
        answers: {
          200: strict(
            { items: Type.Array(ProblemPage) },
            { title: 'ProblemKinds', description: 'All kinds of problems' },
          ),
        },
        handle: () => ok({ items: kinds }),
      }),
      route({
        method: 'GET',
        path: '/problems/{code}',
        needs: 'public',
        summary: 'Explain a problem code',
        description: 'Where the `type` member of a problem document leads.',
        params: strict({ code: Type.String({ maxLength: 64, description: 'A problem code' }) }),
        answers: { 200: ProblemPage },
        handle: ({ params }) => {
          const found = kinds.find((each) => each.code === params.code);
          if (found === undefined) throw new RequestFault('caller', say('not_found.problem_code'), { field: 'code' });
          return ok(found);
        },
      }),
    ],
  };
}
