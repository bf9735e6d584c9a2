import pg from 'pg';

/** Whether a database that was reached says nothing at all. Refusing connections is an answer; hanging is not. */
export interface Silence {
  readonly silent: boolean;
  /** Calls `told` whenever it falls silent and whenever it answers again; the result ends that. */
  onChange(told: (silent: boolean) => void): () => void;
}

export class SilenceSignal implements Silence {
  readonly #listeners = new Set<(silent: boolean) => void>();
  #silent = false;

  get silent(): boolean {
    return this.#silent;
  }

  set(silent: boolean): void {
    if (silent === this.#silent) return;
    this.#silent = silent;
    for (const told of [...this.#listeners]) told(silent);
  }

  onChange(told: (silent: boolean) => void): () => void {
    this.#listeners.add(told);
    return () => this.#listeners.delete(told);
  }
}

export interface DatabaseWatch extends Silence, AsyncDisposable {}

/** A look every so often, in ms; one is a few hundred octets. */
const pause = 500;
const pauseWhileSilent = 250;
/** No answer for so long, in ms: silent. With the pause it keeps doors within their 3 s. */
const answerWithin = 1_500;
/** A timer that fires so late (ms) says that this process gets no turn: that is no fault of the database. */
const starved = 250;
const mostExcuses = 4;

/** Asks the database again and again on a connection of its own. Nothing that it finds is thrown. */
export function watchDatabase(url: string): DatabaseWatch {
  const signal = new SilenceSignal();
  let client: pg.Client | undefined;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  const drop = () => {
    client?.connection.stream.destroy();
    client = undefined;
  };
  const ask = async () => {
    if (client === undefined) {
      const fresh = new pg.Client({ connectionString: url, keepAlive: true, application_name: 'firstring watch' });
      client = fresh;
      const gone = () => {
        if (client === fresh) client = undefined;
      };
      fresh.on('error', gone);
      fresh.on('end', gone);
      await fresh.connect();
    }
    await client.query('select 1');
  };
  const tell = (silent: boolean) => {
    if (!closed) signal.set(silent);
  };
  const look = async () => {
    const found = await inTime(ask());
    if (found === 'late') {
      drop();
      tell(true);
    } else if (found === 'answered') tell(false);
    else drop();
    if (!closed) timer = setTimeout(() => void look(), signal.silent ? pauseWhileSilent : pause);
  };
  void look();
  return {
    get silent() {
      return signal.silent;
    },
    onChange: (told) => signal.onChange(told),
    async [Symbol.asyncDispose]() {
      closed = true;
      clearTimeout(timer);
      const ending = client?.end().catch(() => {});
      await Promise.race([ending, new Promise((done) => setTimeout(done, 300))]);
      drop();
    },
  };
}

/** `refused`: it failed at once, as when nothing listens there. */
function inTime(asked: Promise<void>): Promise<'answered' | 'refused' | 'late'> {
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout;
    let excuses = 0;
    const wait = () => {
      const due = performance.now() + answerWithin;
      timer = setTimeout(() => {
        const excused = performance.now() - due > starved && excuses++ < mostExcuses;
        // What came in meanwhile is read before the next turn of immediates.
        setImmediate(() => (excused ? wait() : resolve('late')));
      }, answerWithin);
    };
    wait();
    asked
      .then(
        () => resolve('answered'),
        () => resolve('refused'),
      )
      .finally(() => clearTimeout(timer));
  });
}
