import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clientSource } from './client-source.ts';
import { openApiDocuments } from './documents.ts';

/** `UnifiedCm` → `unified-cm` */
export const fileOf = (api: string) => api.replace(/(?<=.)[A-Z]/g, '-$&').toLowerCase();

/** Writes the types of every REST API into the directory, a file each. */
export function writeTypes(directory: string): void {
  mkdirSync(directory, { recursive: true });
  for (const [api, document] of Object.entries(openApiDocuments()))
    writeFileSync(join(directory, `${fileOf(api)}.d.ts`), clientSource(api, document));
}
