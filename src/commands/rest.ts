import {
  type AnswerOf,
  type AnyInput,
  type Arguments,
  firstringClient,
  RefusedError,
  type Route,
} from '../contract/client/client.ts';
import type { RemoteSystem } from '../infra/remote/remote-system.ts';

/** The typed client as commands use it: what is answered, and faults in the words of the command line. */
export interface Rest<Api> extends Disposable {
  /** @throws RemoteFault `refused` with what the problem document says, `unreachable` */
  call<K extends Route<Api>>(route: K, ...input: Arguments<Api[K]>): Promise<AnswerOf<Api[K]>>;
  /** Of routes that are known at run time only. */
  request(method: string, path: string, input?: AnyInput): Promise<unknown>;
}

/** `keys: false`: a system that offers no Idempotency-Key. */
export async function openRest<Api>(system: RemoteSystem, { keys } = { keys: true }): Promise<Rest<Api>> {
  const { RemoteFault, remoteFetch } = await import('../infra/remote/remote-system.ts');
  const transport = remoteFetch(system);
  const client = firstringClient<Api>({ ...system, fetch: transport.fetch, ...(keys ? {} : { tries: 0 }) });
  const bodyOf = async <T>(answer: Promise<{ readonly body: T }>): Promise<T> => {
    try {
      return (await answer).body;
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      const { code, detail, field, remedy, status, errors } = error.problem;
      throw new RemoteFault('peer', 'refused', detail || `The system answered with status ${status}.`, {
        ...(field === undefined ? {} : { field }),
        ...(remedy === undefined ? {} : { remedy }),
        detail: { code, status, ...(errors === undefined ? {} : { errors }) },
      });
    }
  };
  return {
    call: (route, ...input) => bodyOf(client.call(route, ...input)),
    request: (method, path, input) => bodyOf(client.request(method, path, input)),
    [Symbol.dispose]: () => transport[Symbol.dispose](),
  };
}
