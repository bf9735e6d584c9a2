import { asObject, integerField, listField, onlyMembers, parseObject, textField } from '../json/fields.ts';
import type { JsonObject } from '../json/strict-json.ts';
import { instantField, locatorForm, nullable, uuidForm } from './fields.ts';
import { mostLocatorsAtOnce } from './limits.ts';

/** Allocation and release of locators, spec/mra.md "Cluster ↔ cloud". Readers throw MalformedError. */

/** `POST`: allocate. `GET`, with `?after=<locator>` for the next page: the cluster's live ones, to compare with its own book. */
export const locatorsPath = '/v1/locators';

/** `GET`: what the cloud knows of it. `DELETE`: 204, also when it was released before or belongs to somebody else by now. */
export function locatorPath({ locator, allocationId }: Allocation): string {
  return `${locatorsPath}/${locator}/${allocationId}`;
}

export interface AllocateRequest {
  /** Made by the cluster, one for each wish: the same key gets the same locators again, whatever happened to the first answer. */
  readonly idempotencyKey: string;
  readonly count: number;
}

/** One use of a locator. The same locator comes back later under another allocation id. */
export interface Allocation {
  readonly locator: string;
  readonly allocationId: string;
}

export function readAllocate(text: string): AllocateRequest {
  const message = parseObject(text);
  onlyMembers(message, ['idempotency_key', 'count']);
  return {
    idempotencyKey: textField(message, 'idempotency_key', /^[A-Za-z0-9_-]{16,64}$/),
    count: integerField(message, 'count', 1, mostLocatorsAtOnce),
  };
}

export function writeAllocate(request: AllocateRequest): string {
  return JSON.stringify({ idempotency_key: request.idempotencyKey, count: request.count });
}

export function readAllocations(text: string): readonly Allocation[] {
  const message = parseObject(text);
  onlyMembers(message, ['locators']);
  return listField(
    message,
    'locators',
    (item) => {
      const entry = asObject(item, 'locators');
      onlyMembers(entry, ['locator', 'allocation_id']);
      return {
        locator: textField(entry, 'locator', locatorForm),
        allocationId: textField(entry, 'allocation_id', uuidForm),
      };
    },
    mostLocatorsAtOnce,
  );
}

export function writeAllocations(allocations: readonly Allocation[]): string {
  return JSON.stringify({
    locators: allocations.map(({ locator, allocationId }) => ({ locator, allocation_id: allocationId })),
  });
}

/** What the cloud knows of one live allocation. */
export interface AllocationStatus extends Allocation {
  /** Milliseconds since the epoch. */
  readonly allocatedAt: number;
  /** Phones' questions that led here. */
  readonly resolves: number;
  /** The phone that asked last, as its certificate names it; noted within a second. */
  readonly lastResolve:
    | { readonly at: number; readonly mac: string; readonly model: string; readonly source: string }
    | undefined;
}

export function readAllocationStatus(text: string): AllocationStatus {
  return statusFrom(parseObject(text));
}

export function writeAllocationStatus(status: AllocationStatus): string {
  return JSON.stringify(statusJson(status));
}

export interface AllocationPage {
  readonly items: readonly AllocationStatus[];
  /** Send it as `after`; undefined: this was the last page. */
  readonly next: string | undefined;
}

export function readAllocationPage(text: string): AllocationPage {
  const message = parseObject(text);
  onlyMembers(message, ['locators', 'next']);
  return {
    items: listField(message, 'locators', (item) => statusFrom(asObject(item, 'locators')), mostLocatorsAtOnce),
    next: nullable(message, 'next', (object, name) => textField(object, name, locatorForm)),
  };
}

export function writeAllocationPage(page: AllocationPage): string {
  return JSON.stringify({ locators: page.items.map(statusJson), next: page.next ?? null });
}

function statusFrom(message: JsonObject): AllocationStatus {
  onlyMembers(message, ['locator', 'allocation_id', 'allocated_at', 'resolves', 'last_resolve']);
  return {
    locator: textField(message, 'locator', locatorForm),
    allocationId: textField(message, 'allocation_id', uuidForm),
    allocatedAt: instantField(message, 'allocated_at'),
    resolves: integerField(message, 'resolves', 0, 2 ** 31),
    lastResolve: nullable(message, 'last_resolve', (object, name) => {
      const last = asObject(object[name], name);
      onlyMembers(last, ['at', 'mac', 'model', 'source']);
      return {
        at: instantField(last, 'at'),
        mac: textField(last, 'mac', /^[0-9A-F]{12}$/),
        model: textField(last, 'model', /^[A-Z0-9-]{1,64}$/),
        source: textField(last, 'source', /^[0-9A-Fa-f.:]{0,64}$/),
      };
    }),
  };
}

function statusJson({ locator, allocationId, allocatedAt, resolves, lastResolve }: AllocationStatus): object {
  return {
    locator,
    allocation_id: allocationId,
    allocated_at: new Date(allocatedAt).toISOString(),
    resolves,
    last_resolve: lastResolve === undefined ? null : { ...lastResolve, at: new Date(lastResolve.at).toISOString() },
  };
}
