import type { Static, TObject, TProperties } from 'typebox';
import Type from 'typebox';
import { Dependencies, listQuery, pageOf, strict } from '../../contract/common.ts';
import type { ResourceContract } from '../../contract/resource.ts';
import type { Permission } from '../../domain/access/permissions.ts';
import type { ListRequest, ResourceService, Stored } from '../../domain/settings/resource.ts';
import { created, noContent, ok, type RestRoute, route } from './route.ts';

/** Compiles only where what the contract lets through is what the domain works with. */
type Fits<P extends TProperties, T> = Static<TObject<P>> extends T ? unknown : never;

interface ResourceRoutesOptions<T> {
  /** Shown beside the fields. */
  readonly readOnly?: (stored: Stored<T>) => object;
  /** Who may look, and who may change, where it is not the settings' own rights. */
  readonly needs?: {
    readonly read: readonly [Permission, ...Permission[]];
    readonly write: readonly [Permission, ...Permission[]];
  };
}

/** List, add, show, change, delete, dependency records: the same six doors for every kind of settings object. */
export function resourceRoutes<T extends object, P extends TProperties>(
  contract: ResourceContract<P> & Fits<P, T>,
  service: ResourceService<T>,
  options: ResourceRoutesOptions<T> = {},
): readonly RestRoute[] {
  const { path, title } = contract;
  const what = service.rules.title;
  const { read, write } = options.needs ?? { read: ['settings.read'], write: ['settings.write'] };
  const params = strict({
    name: Type.String({ minLength: 1, maxLength: 200, description: `What the ${what} is called, percent-encoded` }),
  });
  const show = (stored: Stored<T>) => ({
    ...stored.value,
    ...options.readOnly?.(stored),
    version: stored.version,
  });
  return [
    route({
      method: 'GET',
      path: `/${path}`,
      needs: read,
      summary: `List: ${what}`,
      description: `${contract.description}. Shows one page; search, filter and sort as wanted.`,
      query: listQuery(contract.sorts, contract.filters),
      answers: { 200: pageOf(contract.shown, `${title}List`) },
      problems: ['invalid_cursor'],
      async handle({ query }) {
        const page = await service.list(listRequest(query));
        return ok({ ...page, items: page.items.map(show) });
      },
    }),
    route({
      method: 'POST',
      path: `/${path}`,
      needs: write,
      summary: `Add: ${what}`,
      description: `Adds a ${what}.`,
      body: contract.added,
      answers: { 201: contract.shown },
      problems: ['name_taken', 'unknown_reference'],
      async handle({ body, caller }) {
        const stored = await service.add(caller.actor, { ...contract.defaults, ...(body as object) } as unknown as T);
        return created(`/${path}/${encodeURIComponent(stored.name)}`, show(stored), stored);
      },
    }),
    route({
      method: 'GET',
      path: `/${path}/{name}`,
      needs: read,
      summary: `Show: ${what}`,
      description: `Shows one ${what}. The ETag is its version.`,
      params,
      answers: { 200: contract.shown },
      async handle({ params: { name } }) {
        const stored = await service.get(name);
        return ok(show(stored), stored);
      },
    }),
    route({
      method: 'PATCH',
      path: `/${path}/{name}`,
      needs: write,
      versioned: true,
      summary: `Change: ${what}`,
      description: `Changes what the body names and leaves the rest. Phones concerned get the change with their configuration.`,
      params,
      body: contract.changed,
      answers: { 200: contract.shown },
      problems: ['name_taken', 'unknown_reference', 'version_conflict', 'protected', 'invalid_if_match'],
      async handle({ params: { name }, body, caller, ifMatch }) {
        const stored = await service.change(caller.actor, name, body as unknown as Partial<T>, ifMatch);
        return ok(show(stored), stored);
      },
    }),
    route({
      method: 'DELETE',
      path: `/${path}/{name}`,
      needs: write,
      versioned: true,
      summary: `Delete: ${what}`,
      description: `Deletes a ${what} that nothing depends on.`,
      params,
      answers: { 204: null },
      problems: ['in_use', 'version_conflict', 'protected', 'invalid_if_match'],
      async handle({ params: { name }, caller, ifMatch }) {
        await service.remove(caller.actor, name, ifMatch);
        return noContent();
      },
    }),
    route({
      method: 'GET',
      path: `/${path}/{name}/dependencies`,
      needs: read,
      summary: `Dependency records: ${what}`,
      description: `Shows what depends on a ${what}: while there is something, it cannot be deleted.`,
      params,
      answers: { 200: Dependencies },
      async handle({ params: { name } }) {
        return ok({ items: await service.dependencies(name) });
      },
    }),
  ];
}

const general = new Set(['search', 'sort', 'limit', 'cursor']);

/** The query of a list as the stores take it; what is not general is a filter. */
export function listRequest(query: object): ListRequest {
  const given = query as Record<string, string | number | boolean | undefined>;
  return {
    search: given['search'] as string | undefined,
    sort: given['sort'] as string | undefined,
    limit: given['limit'] as number | undefined,
    cursor: given['cursor'] as string | undefined,
    filters: Object.fromEntries(
      Object.entries(given).filter(([field]) => !general.has(field)) as [string, string | boolean][],
    ),
  };
}
