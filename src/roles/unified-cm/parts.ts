import type { NodeContext, Part } from './context.ts';
import type { NodeDomain } from './domain.ts';
import { startAdministration } from './parts/administration.ts';
import { startAuditing } from './parts/audit.ts';
import { startFiles } from './parts/files.ts';

/** Starts the parts of a node in order and adds each to `started` as it runs, so that a failure stops those before it. */
export async function startParts(context: NodeContext, domain: NodeDomain, started: Part[]): Promise<void> {
  started.push(await startAuditing(context));
  started.push(await startFiles(context));
  started.push(await startAdministration(context, domain));
}
