import {
  EnrolledExpressway,
  Expressway,
  ExpresswayPath,
  Expressways,
  NewExpressway,
} from '../../contract/expressways.ts';
import type { ExpresswayFaultCode } from '../../domain/edge-access/expressway-fault.ts';
import type { Expressway as ExpresswayRecord, ExpresswayService } from '../../domain/edge-access/expressways.ts';
import type { ProblemTable } from './problem.ts';
import { created, noContent, ok, type RestModule, route } from './route.ts';

const problems = {
  expressway_not_found: { status: 404, title: 'There is no such Expressway-C' },
  certificate_unreadable: { status: 422, title: 'This is not one X.509 certificate' },
  name_taken: { status: 409, title: 'The name is taken' },
} satisfies ProblemTable<ExpresswayFaultCode>;

const show = ({ notAfter, createdAt, ...expressway }: ExpresswayRecord) => ({
  ...expressway,
  notAfter: notAfter.toISOString(),
  createdAt: createdAt.toISOString(),
});

/** What an Expressway-C is told when it is added. */
export interface ExpresswaySurroundings {
  /** PEM. */
  readonly clusterCa: () => string;
  readonly edgeAccess: () => Promise<
    readonly { readonly node: string; readonly host: string; readonly port: number }[]
  >;
}

export function expresswayModule(expressways: ExpresswayService, around: ExpresswaySurroundings): RestModule {
  return {
    tag: 'Expressways',
    description: 'The Expressway-Cs that may speak for phones outside',
    problems,
    routes: [
      route({
        method: 'GET',
        path: '/expressways',
        needs: ['system.read'],
        summary: 'List: Expressway-C',
        description: 'Shows every Expressway-C that the nodes take phones from.',
        answers: { 200: Expressways },
        async handle() {
          return ok({ items: (await expressways.list()).map(show) });
        },
      }),
      route({
        method: 'POST',
        path: '/expressways',
        needs: ['system.write'],
        summary: 'Add: Expressway-C',
        description:
          'Takes phones from this Expressway-C from now on, known by its certificate alone. Its console asks this when a cluster is added there.',
        body: NewExpressway,
        answers: { 201: EnrolledExpressway },
        problems: ['certificate_unreadable', 'name_taken'],
        async handle({ body, caller }) {
          const added = await expressways.add(body.name, body.certificate, caller.actor);
          return created(`/expressways/${added.id}`, {
            ...show(added),
            clusterCa: around.clusterCa(),
            edgeAccess: await around.edgeAccess(),
          });
        },
      }),
      route({
        method: 'GET',
        path: '/expressways/{id}',
        needs: ['system.read'],
        summary: 'Show: Expressway-C',
        description: 'Shows one Expressway-C.',
        params: ExpresswayPath,
        answers: { 200: Expressway },
        problems: ['expressway_not_found'],
        async handle({ params: { id } }) {
          return ok(show(await expressways.get(id)));
        },
      }),
      route({
        method: 'DELETE',
        path: '/expressways/{id}',
        needs: ['system.write'],
        summary: 'Remove: Expressway-C',
        description: 'Cuts it off: its connections are closed, and phones that came over it have to find another way.',
        params: ExpresswayPath,
        answers: { 204: null },
        problems: ['expressway_not_found'],
        async handle({ params: { id }, caller }) {
          await expressways.remove(id, caller.actor);
          return noContent();
        },
      }),
    ],
  };
}
