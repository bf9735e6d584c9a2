import { AutoRegistrar } from '../../domain/auto-registration/auto-registrar.ts';
import type { AutoRegistration } from '../../domain/registration/ports.ts';
import { parseDeviceName } from '../../identifiers/device-name.ts';
import { parsePhoneModel, phoneModelOfProduct, phoneModels } from '../../identifiers/phone-model.ts';
import { systemClock } from '../../infra/crypto/random.ts';
import { autoRegistrationStore } from '../../infra/database/auto-registration-store.ts';
import type { CachedRegistrationDirectory } from '../../infra/database/registration-directory.ts';
import type { NodeContext } from './context.ts';
import type { NodeDomain } from './domain.ts';

/** For the registrar: phones without a record get one, where an administrator allows it. */
export function autoRegistration(
  { db, node, notices }: NodeContext,
  { phones }: NodeDomain,
  directory: CachedRegistrationDirectory,
): AutoRegistration {
  const registrar = new AutoRegistrar({
    phones: phones.parts,
    store: autoRegistrationStore(db),
    nodeId: node.id,
    clock: systemClock,
  });
  notices.on('config_changed', (payload) => registrar.forget(payload === '*'));
  notices.feed({ lost() {}, listening: () => registrar.forget(true) });
  return {
    async admit({ name: text, model, proved, sourceAddress }) {
      const name = parseDeviceName(text);
      if (name === undefined) return 'unknown';
      const outcome = await registrar.register({ name, model: modelName(model, proved), proved, sourceAddress });
      switch (outcome.kind) {
        case 'registered':
          // The notice comes too, but later than the phone.
          directory.forget(name);
          return 'added';
        case 'exists':
          directory.forget(name);
          return 'look-again';
        case 'not-offered':
          return 'unknown';
        case 'busy':
          return { refused: 'busy' };
        case 'refused':
          return { refused: outcome.code };
      }
    },
  };
}

/** A certificate names the product, a Contact the type id. */
function modelName(text: string | undefined, proved: boolean): string | undefined {
  if (text === undefined) return undefined;
  if (proved) return phoneModelOfProduct(text)?.name;
  return (phoneModels.find((each) => String(each.typeId) === text) ?? parsePhoneModel(text))?.name;
}
