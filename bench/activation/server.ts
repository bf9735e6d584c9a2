import { constants, hash } from 'node:crypto';
import { createServer } from 'node:tls';
import { handshakeService } from '../../src/domain/activation/handshake.ts';
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
import { suiteSrp } from '../../src/protocol/activation/suite.ts';
import {
  clientProof,
  confirmation,
  deriveKeys,
  micProofInput,
  sealResult,
  serverProof,
} from '../../src/protocol/activation/transcript.ts';
import { testSurroundings } from '../../test/support/das.ts';
import { noTokens } from '../../test/support/no-tokens.ts';

/** Child process: the activation service as it is (`das`), or nothing but the same handshake's cryptography (`bare`). */

interface Start {
  readonly mode: 'das' | 'bare';
  readonly url: string;
  readonly keyEncryptionKey: string;
  /** base64 */
  readonly root: string;
  readonly key: string;
  readonly cert: string;
}

const crypto = openSslSuiteCrypto();
const unlimited = { burst: 1e9, perSecond: 1e9 };

async function das(start: Start): Promise<number> {
  const keyEncryptionKey = Buffer.from(start.keyEncryptionKey, 'hex');
  const der = Buffer.from(start.root, 'base64');
  const pool = handshakePool(start.url, 8);
  let told = 0;
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
        store: handshakeStore(pool),
        sealer: sealer(keyEncryptionKey),
        decoys: decoys(keyEncryptionKey),
        random: systemRandom,
        tokens: noTokens,
        node: 'bench',
      }),
      surroundings: testSurroundings,
      timeline: { record: () => void told++ },
      counters: { count() {} },
      clock: systemClock,
      log: process.env['BENCH_LOG']
        ? { ...silentLog, error: (f, m) => console.error(m, f), warn: (f, m) => console.error(m, f) }
        : silentLog,
      serviceActivated: () => true,
    },
    {
      host: '127.0.0.1',
      port: 0,
      key: start.key,
      cert: start.cert,
      mode: 'onprem',
      sidKey: derivedKey(keyEncryptionKey, 'das session ids'),
      limits: { ...defaultDasLimits, perSource: unlimited, perMic: unlimited },
      ttl: 60,
    },
  );
  return listener.port;
}

/**
 * Per connection the cryptography that an activation consists of, and nothing else: a TLS 1.3 handshake with a client certificate, path
 * validation of that certificate, the exporter, SRP's three exponentiations, the key schedule, the check of the MIC's signature and the
 * seal of the answer; over two exchanges of the same size. No HTTP, no JSON, no database, nothing sealed for storage.
 */
async function bare(start: Start): Promise<number> {
  const der = Buffer.from(start.root, 'base64');
  const inspector = micInspector(
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
  );
  const srp = suiteSrp(crypto);
  const verifier = srp.power(crypto.randomBytes(32));
  const answer = crypto.randomBytes(852);
  const server = createServer(
    {
      key: start.key,
      cert: start.cert,
      ca: [],
      minVersion: 'TLSv1.3',
      maxVersion: 'TLSv1.3',
      ecdhCurve: 'X25519:P-256:P-384',
      secureOptions: constants.SSL_OP_NO_TICKET,
      requestCert: true,
      rejectUnauthorized: false,
    },
    (socket) => {
      const chain: Uint8Array[] = [];
      for (let each = socket.getPeerX509Certificate(); each; each = each.issuerCertificate) chain.push(each.raw);
      if (!inspector.inspect(chain).accepted) throw new Error('the bench certificate must be good');
      socket.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0));
      const b = crypto.randomBytes(32);
      const B = srp.serverPublic(verifier, b)!;
      let got = Buffer.alloc(0);
      let started = false;
      socket.setNoDelay();
      socket.on('error', () => {});
      socket.on('data', (bytes) => {
        got = Buffer.concat([got, bytes]);
        if (!started && got.length >= 200) {
          started = true;
          got = got.subarray(200);
          socket.write(Buffer.concat([B, B.subarray(0, 316)]));
        }
        if (started && got.length >= 1100) {
          const A = got.subarray(0, 384);
          const S = srp.serverSecret({ A, B, verifier, b })!;
          const th = crypto.sha256(got, B);
          const keys = deriveKeys(crypto, th, S);
          const m1 = clientProof(crypto, keys, th);
          const m2 = serverProof(crypto, keys, th, m1);
          if (!inspector.proves(chain[0]!, 'rsa_pss_rsae_sha256', A, got.subarray(384, 640)))
            throw new Error('bad signature');
          micProofInput(crypto, th, m1);
          socket.end(
            Buffer.concat([
              m2,
              sealResult(crypto, keys, th, m2, answer),
              confirmation(crypto, keys.finalConfirm, th, 'id'),
            ]),
          );
        }
      });
    },
  );
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return (server.address() as { port: number }).port;
}

process.on('SIGINT', () => process.exit(0));
process.on('message', async (message: Start | 'cpu') => {
  if (message === 'cpu') {
    const { user, system } = process.cpuUsage();
    process.send?.({ cpu: (user + system) / 1e6 });
    return;
  }
  process.send?.({ port: await (message.mode === 'das' ? das(message) : bare(message)) });
});
