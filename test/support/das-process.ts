import { hash } from 'node:crypto';
import { handshakeService } from '../../src/domain/activation/handshake.ts';
import type { HandshakeStore } from '../../src/domain/activation/ports.ts';
import { readCertificate } from '../../src/domain/trust/certificate.ts';
import { startDasListener } from '../../src/endpoints/das/das-listener.ts';
import { defaultDasLimits } from '../../src/endpoints/das/das-options.ts';
import { decoys } from '../../src/infra/crypto/code-secrets.ts';
import { revokedIn } from '../../src/infra/crypto/issuer-signature.ts';
import { derivedKey } from '../../src/infra/crypto/key-encryption-key.ts';
import { micInspector } from '../../src/infra/crypto/mic-inspector.ts';
import { systemClock, systemRandom } from '../../src/infra/crypto/random.ts';
import { sealer } from '../../src/infra/crypto/sealer.ts';
import { openSslSuiteCrypto } from '../../src/infra/crypto/suite-crypto.ts';
import { handshakePool, handshakeStore } from '../../src/infra/database/activation-handshake-store.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { testSurroundings } from './das.ts';
import { noTokens } from './no-tokens.ts';
import { testTokens } from './tokens.ts';

/** Child process: an activation service that kills itself (SIGKILL) before or after a step, as often as it is told. */
export interface DasProcessStart {
  readonly url: string;
  readonly keyEncryptionKey: string;
  readonly root: string;
  readonly key: string;
  readonly cert: string;
  /** Phones that may be outside get tokens. */
  readonly tokens?: boolean;
}

export interface CrashPoint {
  readonly step: keyof HandshakeStore;
  readonly when: 'before' | 'after';
}

const crypto = openSslSuiteCrypto();
let crash: CrashPoint | undefined;
const die = () => process.kill(process.pid, 'SIGKILL');

function mortal(store: HandshakeStore): HandshakeStore {
  return new Proxy(store, {
    get(target, step: keyof HandshakeStore) {
      const call = target[step] as (...input: unknown[]) => Promise<unknown>;
      return async (...input: unknown[]) => {
        if (crash?.step === step && crash.when === 'before') die();
        const result = await call(...input);
        if (crash?.step === step && crash.when === 'after') die();
        return result;
      };
    },
  });
}

process.on('message', async (message: DasProcessStart | { readonly crash: CrashPoint }) => {
  if ('crash' in message) {
    crash = message.crash;
    process.send?.({ armed: true });
    return;
  }
  const keyEncryptionKey = Buffer.from(message.keyEncryptionKey, 'hex');
  const der = Buffer.from(message.root, 'base64');
  const listener = await startDasListener(
    {
      crypto,
      mic: micInspector(
        {
          trusted: [
            {
              certificate: readCertificate(der),
              sha256: hash('sha256', der, 'buffer'),
              micRoot: true,
              legacySha1: false,
              expiredMicsUntil: undefined,
            },
          ],
          denied: { serials: new Set(), keys: new Set(), macs: new Set(), revoked: revokedIn([]) },
        },
        systemClock,
      ),
      handshakes: handshakeService({
        store: mortal(handshakeStore(handshakePool(message.url, 4))),
        sealer: sealer(keyEncryptionKey),
        decoys: decoys(keyEncryptionKey),
        random: systemRandom,
        tokens: message.tokens === true ? (await testTokens()).tokens : noTokens,
        node: 'mortal',
      }),
      surroundings: testSurroundings,
      timeline: { record() {} },
      counters: { count() {} },
      clock: systemClock,
      log: silentLog,
      serviceActivated: () => true,
    },
    {
      host: '127.0.0.1',
      port: 0,
      key: message.key,
      cert: message.cert,
      mode: 'onprem',
      sidKey: derivedKey(keyEncryptionKey, 'das session ids'),
      limits: defaultDasLimits,
      ttl: 60,
    },
  );
  process.send?.({ port: listener.port });
});
// The test that started it is gone.
process.on('disconnect', () => process.exit());
