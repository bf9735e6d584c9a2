import { isServiceDomain } from './access-control.ts';

/** What of a request line E understands (spec mra.md "Phone ↔ edge"). Everything else is not there: no path of a phone is ever passed on. */
export type PhoneDemand =
  | { readonly route: 'start' | 'prove' | 'confirm' }
  | { readonly route: 'token' }
  | { readonly route: 'config'; readonly name: string; readonly device: string }
  | { readonly route: 'edgeConfig'; readonly domain: string; readonly serviceNames: readonly string[] };

export type RouteVerdict =
  | { readonly kind: 'demand'; readonly demand: PhoneDemand }
  | { readonly kind: 'not_found' }
  | { readonly kind: 'method_not_allowed'; readonly allow: 'GET' | 'POST' };

const activation = /^\/das\/v1\/activation\/(start|prove|confirm)$/;
const file = /^\/config\/((SEP[0-9A-F]{12})\.cnf\.xml(?:\.sgn)?)$/;
const edgeConfig = /^\/([A-Za-z0-9_-]{2,340})\/get_edge_config(?:\?([^#]{0,2000}))?$/;
const mostServices = 8;

/**
 * `target` as the request line has it. Only the four forms below exist, in exactly one spelling: an absolute URL, a dot segment, an escaped or doubled
 * slash matches none of them.
 */
export function routeOf(method: string, target: string): RouteVerdict {
  const step = activation.exec(target);
  if (step) return allow(method, 'POST', { route: step[1] as 'start' | 'prove' | 'confirm' });
  if (target === '/oauth/token') return allow(method, 'POST', { route: 'token' });
  const asked = file.exec(target);
  if (asked) return allow(method, 'GET', { route: 'config', name: asked[1]!, device: asked[2]! });
  const discovery = edgeConfig.exec(target);
  if (!discovery) return { kind: 'not_found' };
  const domain = decodeDomain(discovery[1]!);
  const serviceNames = serviceNamesOf(discovery[2] ?? '');
  if (domain === undefined || serviceNames === undefined) return { kind: 'not_found' };
  return allow(method, 'GET', { route: 'edgeConfig', domain, serviceNames });
}

function allow(method: string, allowed: 'GET' | 'POST', demand: PhoneDemand): RouteVerdict {
  return method === allowed ? { kind: 'demand', demand } : { kind: 'method_not_allowed', allow: allowed };
}

/** The field writes the service domain as base64 without padding. A longer form with protocol, host and port exists there; a host named in a request is never reached here. */
export function decodeDomain(text: string): string | undefined {
  let domain: string;
  try {
    domain = atob(text.replaceAll('-', '+').replaceAll('_', '/')).toLowerCase();
  } catch {
    return undefined;
  }
  return isServiceDomain(domain) ? domain : undefined;
}

export function encodeDomain(domain: string): string {
  return btoa(domain).replace(/=+$/, '');
}

/** `service_name=_cisco-uds&service_name=_cuplogin`: what else is asked there is left out. */
function serviceNamesOf(query: string): readonly string[] | undefined {
  const names: string[] = [];
  for (const pair of query.split('&')) {
    const value = /^service_name=(.*)$/.exec(pair)?.[1];
    if (value === undefined) continue;
    if (!/^_[a-z0-9-]{1,63}$/.test(value) || names.length === mostServices) return undefined;
    if (!names.includes(value)) names.push(value);
  }
  return names;
}
