import type { Static } from 'typebox';
import Type from 'typebox';
import { strict } from '../../contract/common.ts';
import { MraDomainCheck, mraServiceDomains } from '../../contract/mra-service-domains.ts';
import type { DomainCheck } from '../../domain/mra/domain-check.ts';
import type { MraServiceDomain } from '../../domain/mra/service-domain.ts';
import type { ResourceService } from '../../domain/settings/resource.ts';
import { resourceRoutes } from './resources.ts';
import { ok, type RestModule, route } from './route.ts';
import { settingProblems } from './settings.ts';

/** `check`: the live check of a domain. */
export function mraServiceDomainModule(
  domains: ResourceService<MraServiceDomain>,
  check: (domain: string) => Promise<DomainCheck>,
): RestModule {
  return {
    tag: 'Mobile & Remote Access',
    description: 'Phones outside: cloud, service domains, and whom they trust',
    problems: settingProblems,
    routes: [
      ...resourceRoutes(mraServiceDomains, domains),
      route({
        method: 'GET',
        path: '/mra-service-domains/{name}/check',
        needs: ['settings.read'],
        summary: 'Check: MRA service domain',
        description:
          'Looks up the SRV record of the domain now, connects to every Expressway-E behind it, and says whether phones would trust it. Takes up to ten seconds.',
        params: strict({
          name: Type.String({ minLength: 1, maxLength: 253, description: 'What the MRA service domain is called' }),
        }),
        answers: { 200: MraDomainCheck },
        async handle({ params: { name } }) {
          return ok(show(await check((await domains.get(name)).value.domain)));
        },
      }),
    ],
  };
}

function show(check: DomainCheck): Static<typeof MraDomainCheck> {
  return {
    domain: check.domain,
    record: check.record,
    checkedAt: check.checkedAt.toISOString(),
    outcome: check.outcome,
    findings: [...check.findings],
    targets: check.targets.map(({ certificate, ...target }) => ({
      ...target,
      addresses: [...target.addresses],
      findings: [...target.findings],
      certificate:
        certificate === undefined
          ? null
          : {
              subject: certificate.subject,
              names: [...certificate.names],
              notAfter: certificate.notAfter.toISOString(),
              fitsHost: certificate.fitsHost,
              trust: certificate.trust,
            },
    })),
  };
}
