import { Counter, Gauge, Histogram, Registry } from 'prom-client';

export interface CloudMetrics {
  render(): Promise<string>;
  readonly contentType: string;
  answered(route: string, status: number, seconds: number): void;
  resolved(outcome: string): void;
  space(live: number, quarantined: number, free: number): void;
  databaseUp(up: boolean): void;
  /** Seconds by which the clock of this host is ahead of the database's. */
  clockOffset(seconds: number): void;
  close(): void;
}

/** The cloud's counters, in a registry of their own: several roles may run in one process. */
export function cloudMetrics(): CloudMetrics {
  const registry = new Registry();
  const registers = [registry];
  const requests = new Histogram({
    name: 'firstring_cloud_request_seconds',
    help: 'Requests of phones and clusters by route',
    labelNames: ['route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers,
  });
  const resolves = new Counter({
    name: 'firstring_cloud_resolves_total',
    help: 'Questions of phones by outcome',
    labelNames: ['outcome'],
    registers,
  });
  const locators = new Gauge({
    name: 'firstring_cloud_locators',
    help: 'Locators by state',
    labelNames: ['state'],
    registers,
  });
  const clock = new Gauge({
    name: 'firstring_clock_offset_seconds',
    help: 'Seconds by which the clock of this host is ahead of the clock of the database',
    registers,
  });
  const database = new Gauge({ name: 'firstring_cloud_database_up', help: '1 while the database answers', registers });
  return {
    render: () => registry.metrics(),
    contentType: registry.contentType,
    answered: (route, status, seconds) => requests.observe({ route, status: String(status) }, seconds),
    resolved: (outcome) => resolves.inc({ outcome }),
    space(live, quarantined, free) {
      locators.set({ state: 'live' }, live);
      locators.set({ state: 'quarantined' }, quarantined);
      locators.set({ state: 'free' }, free);
    },
    clockOffset: (seconds) => clock.set(seconds),
    databaseUp: (up) => database.set(up ? 1 : 0),
    close: () => registry.clear(),
  };
}
