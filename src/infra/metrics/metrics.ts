import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { ActivationCounter, Counters } from '../../domain/ports.ts';

const activationCounters: Readonly<Record<ActivationCounter, string>> = {
  ActivationCodeAttempts: 'Activation codes requested',
  ActivationCodeFails: 'Activation codes that could not be made',
  InvokeAttempts: 'Activations begun by a phone',
  InvokeFails: 'Activations begun by a phone that failed',
  RegisterAttempts: 'Proofs presented by a phone',
  RegisterFails: 'Proofs presented by a phone that were refused',
  ReleaseAttempts: 'Releases of a locator requested',
  ReleaseFails: 'Releases of a locator that failed',
  ThrottleCount: 'Requests put off because too many came at once',
  ProofsUsedUp: 'Requests refused because their certificate has failed too many proofs within a day',
};

export interface Metrics extends Counters {
  /** What the field's counters say now, by their names there. */
  activationCounts(): Promise<Readonly<Record<string, number>>>;
  /** In the Prometheus text format. */
  render(): Promise<string>;
  readonly contentType: string;
  /** By transport: udp, tcp, tls. */
  registrations(transport: string, count: number): void;
  registerRequest(answer: number): void;
  fileAsked(over: 'tftp' | 'http' | 'https', outcome: string, octets: number): void;
  httpRequest(method: string, route: string, status: number, seconds: number): void;
  jobFailed(task: string): void;
  databaseUp(up: boolean): void;
  /** Seconds by which the clock of this host is ahead of the database's. */
  clockOffset(seconds: number): void;
  /** False: the audit log is not what was seen of it, and nothing is sealed. */
  auditSealing(sealing: boolean): void;
  /** Lists of manufacturers whose next one is due. */
  overdueRevocationLists(count: number): void;
  /** Told only where heads of the audit log go to syslog over TCP or TLS. */
  syslogConnected(connected: boolean): void;
  syslogDropped(): void;
  /** 99th percentile since the last call, in ms. */
  eventLoopLag(): number;
  close(): void;
}

/** The field's perfmon counters and the machine's, under the prefix `firstring_`. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const activation = new Map<ActivationCounter, Counter>();
  for (const [name, help] of Object.entries(activationCounters)) {
    const snake = name.replace(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
    activation.set(
      name as ActivationCounter,
      new Counter({ name: `firstring_${snake}_total`, help: `${help} (${name})`, registers }),
    );
  }
  const registered = new Gauge({
    name: 'firstring_registrations',
    help: 'Phones registered here',
    labelNames: ['transport'],
    registers,
  });
  const registerRequests = new Counter({
    name: 'firstring_sip_register_total',
    help: 'REGISTER answers',
    labelNames: ['answer'],
    registers,
  });
  const files = new Counter({
    name: 'firstring_files_total',
    help: 'Files asked for by phones',
    labelNames: ['over', 'outcome'],
    registers,
  });
  const fileOctets = new Counter({
    name: 'firstring_file_octets_total',
    help: 'Octets of files asked for by phones',
    labelNames: ['over'],
    registers,
  });
  const requests = new Histogram({
    name: 'firstring_http_request_seconds',
    help: 'HTTP requests by route',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers,
  });
  const failedJobs = new Counter({
    name: 'firstring_jobs_failed_total',
    help: 'Jobs given up',
    labelNames: ['task'],
    registers,
  });
  const database = new Gauge({ name: 'firstring_database_up', help: '1 while the database answers', registers });
  const clock = new Gauge({
    name: 'firstring_clock_offset_seconds',
    help: 'Seconds by which the clock of this host is ahead of the clock of the database',
    registers,
  });
  const sealing = new Gauge({
    name: 'firstring_audit_sealing',
    help: '0 when the audit log is not what was seen of it and nothing is sealed',
    registers,
  });
  const overdueLists = new Gauge({
    name: 'firstring_revocation_lists_overdue',
    help: 'Revocation lists of manufacturers whose next one is due and was not uploaded',
    registers,
  });
  const syslog = new Gauge({
    name: 'firstring_audit_syslog_connected',
    help: '1 while heads of the audit log reach syslog over TCP or TLS; absent where they do not go there',
    labelNames: ['to'],
    registers,
  });
  const syslogDropped = new Counter({
    name: 'firstring_audit_syslog_dropped_total',
    help: 'Messages to syslog that went because too many waited',
    registers,
  });
  const lag = monitorEventLoopDelay({ resolution: 10 });
  lag.enable();
  return {
    async activationCounts() {
      const known = [...activation].filter(([name]) => name !== 'ProofsUsedUp');
      const counts = known.map(async ([name, counter]) => [name, (await counter.get()).values[0]?.value ?? 0]);
      return Object.fromEntries(await Promise.all(counts)) as Readonly<Record<string, number>>;
    },
    render: () => registry.metrics(),
    contentType: registry.contentType,
    count: (counter, by = 1) => activation.get(counter)?.inc(by),
    registrations: (transport, count) => registered.set({ transport }, count),
    registerRequest: (answer) => registerRequests.inc({ answer: String(answer) }),
    fileAsked(over, outcome, octets) {
      files.inc({ over, outcome });
      fileOctets.inc({ over }, octets);
    },
    httpRequest: (method, route, status, seconds) =>
      requests.observe({ method, route, status: String(status) }, seconds),
    jobFailed: (task) => failedJobs.inc({ task }),
    databaseUp: (up) => database.set(up ? 1 : 0),
    clockOffset: (seconds) => clock.set(seconds),
    overdueRevocationLists: (count) => overdueLists.set(count),
    auditSealing: (goesOn) => sealing.set(goesOn ? 1 : 0),
    syslogConnected: (connected) => syslog.set({ to: 'audit' }, connected ? 1 : 0),
    syslogDropped: () => syslogDropped.inc(),
    eventLoopLag() {
      const value = lag.percentile(99) / 1e6;
      lag.reset();
      return value;
    },
    close() {
      lag.disable();
      registry.clear();
    },
  };
}
