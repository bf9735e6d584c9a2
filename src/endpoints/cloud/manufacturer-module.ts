import { X509Certificate } from 'node:crypto';
import {
  ManufacturerRoot,
  ManufacturerRootChange,
  ManufacturerRootPath,
  ManufacturerRoots,
  NewManufacturerRoot,
} from '../../contract/cloud-roots.ts';
import type { Operation, ManufacturerRoot as Root } from '../../domain/cloud/operation.ts';
import { created, noContent, ok, type RestModule, route } from '../rest/route.ts';
import { defined, operatorProblems } from './operator-modules.ts';

/** Whose phones the cloud answers. */
export function manufacturerModule({ operation }: { readonly operation: Operation }): RestModule {
  const instant = (text: string | null | undefined) =>
    text === null || text === undefined ? undefined : new Date(text);
  return {
    tag: 'Manufacturers',
    description: 'Authorities whose phones the cloud answers',
    problems: operatorProblems,
    routes: [
      route({
        method: 'GET',
        path: '/manufacturer-roots',
        needs: ['system.read'],
        summary: 'List: manufacturer root',
        description: 'All of them; the one that ends first comes first.',
        answers: { 200: ManufacturerRoots },
        async handle() {
          return ok({ items: (await operation.roots()).map(shownRoot) });
        },
      }),
      route({
        method: 'POST',
        path: '/manufacturer-roots',
        needs: ['system.write'],
        summary: 'Add: manufacturer root',
        description: 'From now on phones with a certificate under it are answered.',
        body: NewManufacturerRoot,
        answers: { 201: ManufacturerRoot },
        problems: ['certificate_unreadable', 'certificate_not_a_ca', 'manufacturer_root_already_there'],
        async handle({ body, caller }) {
          const root = await operation.addRoot(caller.actor, body.certificate, {
            description: body.description ?? '',
            legacySha1: body.legacySha1 ?? false,
            expiredMicsUntil: instant(body.expiredMicsUntil),
          });
          return created(`/manufacturer-roots/${root.sha256}`, shownRoot(root));
        },
      }),
      route({
        method: 'PATCH',
        path: '/manufacturer-roots/{sha256}',
        needs: ['system.write'],
        summary: 'Change: manufacturer root',
        description: 'Changes its description or what phones under it may lack.',
        params: ManufacturerRootPath,
        body: ManufacturerRootChange,
        answers: { 200: ManufacturerRoot },
        problems: ['unknown_manufacturer_root'],
        async handle({ params: { sha256 }, body: { expiredMicsUntil, ...rest }, caller }) {
          const dated = expiredMicsUntil === undefined ? {} : { expiredMicsUntil: instant(expiredMicsUntil) };
          return ok(
            shownRoot(await operation.changeRoot(caller.actor, sha256.toLowerCase(), { ...defined(rest), ...dated })),
          );
        },
      }),
      route({
        method: 'DELETE',
        path: '/manufacturer-roots/{sha256}',
        needs: ['system.write'],
        summary: 'Remove: manufacturer root',
        description: 'Phones under it are not answered any more, on every node within a second.',
        params: ManufacturerRootPath,
        answers: { 204: null },
        problems: ['unknown_manufacturer_root'],
        async handle({ params: { sha256 }, caller }) {
          await operation.removeRoot(caller.actor, sha256.toLowerCase());
          return noContent();
        },
      }),
    ],
  };
}

const shownRoot = (root: Root) => ({
  sha256: root.sha256,
  subject: root.subject,
  issuer: root.issuer,
  serialNumber: root.serialNumber,
  notBefore: root.notBefore.toISOString(),
  notAfter: root.notAfter.toISOString(),
  expired: root.notAfter.getTime() < Date.now(),
  selfSigned: root.selfSigned,
  pem: new X509Certificate(root.der).toString(),
  createdAt: root.createdAt.toISOString(),
  description: root.description,
  legacySha1: root.legacySha1,
  expiredMicsUntil: root.expiredMicsUntil?.toISOString() ?? null,
});
