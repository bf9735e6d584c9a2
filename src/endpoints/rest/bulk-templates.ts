import { phoneTemplates } from '../../contract/bulk-phone-templates.ts';
import type { PhoneTemplate } from '../../domain/bulk/phone-template.ts';
import type { ResourceService } from '../../domain/settings/resource.ts';
import { bulkProblems } from './bulk-problems.ts';
import { resourceRoutes } from './resources.ts';
import type { RestModule } from './route.ts';

/** Bulk Administration > Phones > Phone Template. */
export function phoneTemplateModule(service: ResourceService<PhoneTemplate>): RestModule {
  return {
    tag: 'Bulk administration',
    description: 'Many phones at once: files, templates and jobs',
    problems: bulkProblems,
    routes: resourceRoutes(phoneTemplates, service, {
      needs: { read: ['bulk.run', 'settings.read'], write: ['bulk.run'] },
    }),
  };
}
