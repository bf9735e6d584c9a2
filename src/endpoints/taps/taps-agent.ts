import type { Binding } from '../../domain/registration/binding.ts';
import { fromUtf8 } from '../../kernel/bytes.ts';
import { MalformedError } from '../../kernel/errors.ts';
import { type ChosenAudio, chooseAudio, readSession, type SessionOffer } from '../../protocol/sdp/audio.ts';
import { buildResponse, newTag, type ResponseParts } from '../../protocol/sip/build.ts';
import type { RequestEnvelope } from '../../protocol/sip/envelope.ts';
import { decodedUser } from '../../protocol/sip/uri.ts';
import type { AgentHost, LocalAgent } from '../sip/local-agent.ts';
import { warning } from '../sip/refusals.ts';
import type { ServerRun } from '../sip/transactions.ts';
import { openMedia } from './media-port.ts';
import { TapsCall } from './taps-call.ts';
import type { TapsAgentOptions } from './taps-options.ts';

const prefix = 'taps-';
/** How long a stopping node waits for the phones to answer its BYE, ms. */
const farewellMs = 1000;

/** The TAPS Service of a node: takes calls to its number, and keeps them apart. */
export class TapsAgent implements LocalAgent {
  readonly #options: TapsAgentOptions;
  /** By the user part of our Contact. Undefined while a call is being set up. */
  readonly #calls = new Map<string, { readonly device: string; call: TapsCall | undefined }>();
  #node: AgentHost | undefined;

  constructor(options: TapsAgentOptions) {
    this.#options = options;
  }

  attach(node: AgentHost): void {
    this.#node = node;
  }

  get openCalls(): number {
    return this.#calls.size;
  }

  serves(user: string): boolean {
    return user.startsWith(prefix) || user === this.#number;
  }

  get #number(): string | undefined {
    return this.#options.settings().directoryNumber || undefined;
  }

  acknowledged(envelope: RequestEnvelope): void {
    this.#callOf(envelope)?.acknowledged();
  }

  request(server: ServerRun, sender: Binding): undefined {
    const { envelope, request } = server;
    const call = this.#callOf(envelope);
    if (call !== undefined) {
      call.request(server);
      return;
    }
    if (envelope.toTag !== undefined || userOf(envelope) !== this.#number) return this.#refuse(server, { status: 481 });
    if (request.method === 'OPTIONS') return this.#refuse(server, { status: 200 });
    if (request.method !== 'INVITE')
      return this.#refuse(server, { status: 405, headers: [['Allow', 'INVITE, OPTIONS']] });
    this.#invited(server, sender).catch((error: unknown) => {
      this.#options.log.error({ err: error }, 'a call to TAPS could not be answered');
      this.#refuse(server, { status: 503, headers: [['Retry-After', '10']] });
    });
  }

  async close(): Promise<void> {
    const stopped = Promise.all([...this.#calls.values()].map(({ call }) => call?.stop()));
    // A phone that does not answer BYE is not waited for.
    await Promise.race([stopped, new Promise((resolve) => setTimeout(resolve, farewellMs).unref())]);
  }

  #callOf(envelope: RequestEnvelope): TapsCall | undefined {
    const call = this.#calls.get(userOf(envelope) ?? '')?.call;
    return call?.callId === envelope.callId ? call : undefined;
  }

  async #invited(server: ServerRun, binding: Binding): Promise<undefined> {
    const { store, settings: read, random } = this.#options;
    const settings = read();
    if (!settings.activated) return this.#refuse(server, { status: 480 }, 'The TAPS Service is not activated here');
    const { deviceName } = binding;
    // The busy tone, as in the field.
    if (this.#calls.size >= settings.ports) return this.#refuse(server, { status: 486 }, 'All TAPS ports are in use');
    if ([...this.#calls.values()].some(({ device }) => device === deviceName)) {
      return this.#refuse(server, { status: 486 }, 'This phone has a call to TAPS already');
    }
    const user = `${prefix}${random.uuid()}`;
    this.#calls.set(user, { device: deviceName, call: undefined });
    let kept = false;
    try {
      const caller = await store.caller(deviceName);
      if (caller === undefined) return this.#refuse(server, { status: 403 });
      const { offer, audio, problem } = audioOf(server);
      const media =
        audio === undefined
          ? undefined
          : await openMedia({
              ...this.#options,
              firstPort: settings.firstMediaPort,
              lastPort: settings.lastMediaPort,
              onDigit: (digit) => this.#calls.get(user)?.call?.digit('rtp', digit),
              onSpoken: () => this.#calls.get(user)?.call?.spoken(),
            });
      const sessionId = random.uuid();
      await store.open({
        id: sessionId,
        deviceName,
        mac: deviceName.startsWith('SEP') ? deviceName.slice(3) : '',
        model: caller.model,
        autoDirectoryNumber: caller.directoryNumber,
        sourceAddress: server.flow.address,
      });
      if (offer === undefined || audio === undefined || media === undefined) {
        await store.close(sessionId, { kind: 'refused', reason: 'taps_media' }, '');
        this.#options.failed(caller, 'taps_media', server.flow.address);
        const status = audio === undefined ? 488 : 503;
        return this.#refuse(server, { status }, problem ?? 'No media port is free');
      }
      if (server.cancelRequested) {
        media.close();
        await store.close(sessionId, { kind: 'abandoned', reason: 'taps_hung_up' }, '');
        return this.#refuse(server, { status: 487 });
      }
      const call = new TapsCall({
        options: this.#options,
        node: this.#node!,
        settings,
        caller,
        sessionId,
        invite: server,
        binding,
        offer,
        audio,
        media,
        user,
        toTag: newTag(random),
        onOver: () => this.#calls.delete(user),
      });
      this.#calls.set(user, { device: deviceName, call });
      kept = true;
      call.answer();
    } finally {
      if (!kept) this.#calls.delete(user);
    }
  }

  #refuse(server: ServerRun, parts: ResponseParts, words?: string): undefined {
    const headers = [
      ...(parts.headers ?? []),
      ...(words === undefined ? [] : [['Warning', warning(this.#node?.agent ?? 'taps', words)] as const]),
    ];
    server.respond(buildResponse(server.request, { toTag: newTag(this.#options.random), ...parts, headers }));
  }
}

function userOf({ uri }: RequestEnvelope): string | undefined {
  return uri.kind === 'sip' ? decodedUser(uri.uri)?.split(';', 1)[0] : undefined;
}

function audioOf(server: ServerRun): {
  readonly offer: SessionOffer | undefined;
  readonly audio: ChosenAudio | undefined;
  readonly problem?: string;
} {
  if (server.request.body.length === 0) {
    return { offer: undefined, audio: undefined, problem: 'TAPS needs an offer in the INVITE' };
  }
  try {
    const offer = readSession(fromUtf8(server.request.body));
    const audio = chooseAudio(offer);
    return audio === undefined
      ? { offer, audio, problem: 'TAPS speaks G.711, plain or with AES_CM_128_HMAC_SHA1 keys in the offer' }
      : { offer, audio };
  } catch (error) {
    if (!(error instanceof MalformedError) && !(error instanceof TypeError)) throw error;
    return { offer: undefined, audio: undefined, problem: 'The session description cannot be read' };
  }
}
