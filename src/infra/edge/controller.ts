import { type AccessControl, changeAccessControl, servedDomains } from '../../domain/edge/access-control.ts';
import type { Hindrance } from '../../domain/edge/hindrance.ts';
import type { EdgeClusterState, EdgeReport } from '../../protocol/tunnel/control.ts';
import { clusterIdOf, unknownCluster, unknownEdge } from './cluster-id.ts';
import type { StoredCluster } from './cluster-link.ts';
import { Clusters } from './clusters.ts';
import type { ControllerParts, EdgeStanding } from './controller-parts.ts';
import { type Enrolment, enrolWithCluster } from './enrol.ts';
import type { NodePlace } from './node-session.ts';
import { type PairedEdge, pairWithEdge } from './pair.ts';
import { TunnelDialer } from './tunnel-dialer.ts';

/** Expressway-C's own affairs: its edges, its clusters and its settings, kept on disk, followed while it runs. */
export class Controller implements Disposable {
  readonly #parts: ControllerParts;
  readonly #dialers = new Map<string, TunnelDialer>();
  readonly #edges = new Map<string, EdgeStanding>();
  readonly #problems = new Map<string, string>();
  readonly clusters: Clusters;
  #waiting: (() => void)[] = [];
  #serial = 0;

  constructor(parts: ControllerParts) {
    this.#parts = parts;
    this.clusters = new Clusters(
      parts.identity,
      {
        view: () => this.#tell(),
        change: (cluster, change) => {
          if (change.type === 'snapshot') parts.onChange({ kind: 'revocations', cluster, entries: change.revoked });
          else if (change.type === 'revoked') parts.onChange({ kind: 'revoked', cluster, entry: change });
          else parts.onChange({ kind: 'registration-ended', device: change.device });
        },
        state: (cluster, problem) => this.#clusterIs(cluster, problem),
      },
      parts.log,
    );
  }

  start(): void {
    const { edges, clusters } = this.#parts.record.value;
    for (const cluster of clusters) this.clusters.follow(cluster);
    for (const edge of edges) this.#dial(edge);
  }

  #dial(edge: PairedEdge): void {
    this.#dialers.get(edge.name)?.[Symbol.dispose]();
    const standing: EdgeStanding = {
      tunnels: 0,
      problem: 'not connected yet',
      hello: undefined,
      status: undefined,
      applied: 0,
    };
    this.#edges.set(edge.name, standing);
    this.#dialers.set(
      edge.name,
      new TunnelDialer({
        identity: this.#parts.identity,
        target: edge,
        tunnels: this.#parts.tunnels,
        onTunnel: (socket) => this.#parts.onTunnel(edge, socket),
        onState: (problem) => {
          if (problem !== undefined && standing.problem !== problem)
            this.#parts.log.warn({ edge: edge.name, problem }, 'there is no tunnel to an Expressway-E');
          else if (problem === undefined && standing.problem !== undefined)
            this.#parts.log.info({ edge: edge.name }, 'a tunnel to an Expressway-E stands');
          standing.problem = problem;
          this.#settle();
        },
        log: this.#parts.log,
      }),
    );
  }

  /** `serial`: of the state that holds now. */
  reported(edge: string, report: EdgeReport, serial: number): void {
    const standing = this.#edges.get(edge);
    if (standing === undefined) return;
    this.#serial = serial;
    if (report.type === 'hello') standing.hello = report;
    else if (report.type === 'status') standing.status = report;
    else standing.applied = report.serial;
    this.#settle();
  }

  /** A state of this serial was told to every E. */
  stateIs(serial: number): void {
    this.#serial = serial;
  }

  tunnels(edge: string, change: 1 | -1): void {
    const standing = this.#edges.get(edge);
    if (standing) standing.tunnels += change;
  }

  standing(edge: string): EdgeStanding | undefined {
    return this.#edges.get(edge);
  }

  /** Whether the settings as they are now hold at this E. */
  inForce(edge: string): boolean {
    return this.#edges.get(edge)?.applied === this.#serial;
  }

  problemOf(cluster: string): string | undefined {
    return this.#problems.get(cluster);
  }

  #clusterIs(cluster: string, problem: string | undefined): void {
    const before = this.#problems.get(cluster);
    if (problem !== undefined && before !== problem)
      this.#parts.log.warn({ cluster, problem }, 'a Unified CM cluster cannot be reached');
    else if (problem === undefined && before !== undefined)
      this.#parts.log.info({ cluster }, 'a Unified CM cluster answers again');
    if (problem === undefined) this.#problems.delete(cluster);
    else this.#problems.set(cluster, problem);
    this.#settle();
  }

  /** Everything E is to know, made anew. */
  #tell(): void {
    const { accessControl, clusters } = this.#parts.record.value;
    const states: EdgeClusterState[] = [];
    for (const { view, id } of this.clusters.links) {
      if (view === undefined) continue;
      const domains = view.activationDomain === undefined ? [] : [view.activationDomain];
      states.push({
        id,
        issuer: view.issuer,
        jwks: view.jwks,
        micTrust: view.micTrust,
        micDenied: view.micDenied,
        domains: [...new Set([...domains, ...view.serviceDomains])].map((domain) => domain.toLowerCase()),
        activationEnabled: view.mraActivationEnabled,
      });
    }
    this.#parts.onChange({
      kind: 'state',
      state: {
        ...accessControl,
        domains: servedDomains(
          accessControl.domains,
          states.map(({ domains }) => domains),
        ),
        clusters: states,
      },
    });
    void this.#keepPlaces(clusters);
  }

  /** Where the nodes are now, so that a start finds them also when the one it was added by is gone. */
  async #keepPlaces(clusters: readonly StoredCluster[]): Promise<void> {
    const now = new Map(
      this.clusters.links.flatMap(({ id, view }) =>
        view === undefined || view.nodes.length === 0
          ? []
          : [[id, view.nodes.map(({ name, host, edgeAccess }) => ({ name, host, port: edgeAccess }))] as const],
      ),
    );
    const moved = clusters.some(
      ({ id, places }) => now.has(id) && JSON.stringify(places) !== JSON.stringify(now.get(id)),
    );
    if (!moved) return;
    await this.#parts.record
      .change((record) => ({
        ...record,
        clusters: record.clusters.map((each) => ({ ...each, places: now.get(each.id) ?? each.places })),
      }))
      .catch((error: unknown) => this.#parts.log.error({ err: error }, 'the nodes of a cluster could not be kept'));
  }

  get settings(): AccessControl {
    return this.#parts.record.value.accessControl;
  }

  /** Throws EdgeFault. */
  async changeSettings(change: Partial<AccessControl>, ifVersion?: number): Promise<AccessControl> {
    await this.#parts.record.change((record) => ({
      ...record,
      accessControl: changeAccessControl(record.accessControl, change, ifVersion),
    }));
    this.#tell();
    return this.settings;
  }

  /** Throws EdgeFault. */
  async pair(text: string): Promise<PairedEdge> {
    const { identity, name, clock, record } = this.#parts;
    const edge = await pairWithEdge(text, identity, name, clock.now());
    await record.change((now) => ({ ...now, edges: [...now.edges.filter((each) => each.name !== edge.name), edge] }));
    this.#parts.onChange({ kind: 'edge-removed', edge: edge.name });
    this.#dial(edge);
    return edge;
  }

  /** Throws EdgeFault `edge_unknown`. */
  async removeEdge(name: string): Promise<void> {
    if (!this.#dialers.has(name)) throw unknownEdge(name);
    await this.#parts.record.change((now) => ({ ...now, edges: now.edges.filter((each) => each.name !== name) }));
    this.#dialers.get(name)?.[Symbol.dispose]();
    this.#dialers.delete(name);
    this.#edges.delete(name);
    this.#parts.onChange({ kind: 'edge-removed', edge: name });
  }

  /** Throws EdgeFault. */
  async addCluster(enrolment: Enrolment): Promise<StoredCluster> {
    const { name, identity, log, record } = this.#parts;
    const enrolled = await enrolWithCluster(enrolment, name, identity.cert);
    const places = enrolled.edgeAccess.map(({ node, host, port }) => ({ name: node, host, port }));
    const id = await clusterIdOf(places, identity, enrolled.clusterCa, log);
    const address = 'url' in enrolment ? enrolment.url : (places[0]?.host ?? '');
    const cluster: StoredCluster = { id, address, clusterCa: enrolled.clusterCa, places };
    await record.change((now) => ({ ...now, clusters: [...now.clusters.filter((each) => each.id !== id), cluster] }));
    await this.clusters.follow(cluster).refresh();
    return cluster;
  }

  /** The nodes of the cluster with this authority (PEM) moved all at once, so that none of them could tell. */
  async clusterIsAt(clusterCa: string, places: readonly NodePlace[]): Promise<void> {
    const moved = this.#parts.record.value.clusters.filter(
      (each) => each.clusterCa === clusterCa && JSON.stringify(each.places) !== JSON.stringify(places),
    );
    if (moved.length === 0) return;
    await this.#parts.record.change((record) => ({
      ...record,
      clusters: record.clusters.map((each) => (each.clusterCa === clusterCa ? { ...each, places } : each)),
    }));
    for (const each of moved) await this.clusters.follow({ ...each, places }).refresh();
  }

  /** False: no node answered. Throws EdgeFault `cluster_unknown`. */
  async refreshCluster(id: string): Promise<boolean> {
    const link = this.clusters.links.find((each) => each.id === id);
    if (link === undefined) throw unknownCluster(id);
    return link.refresh();
  }

  /** Throws EdgeFault `cluster_unknown`. */
  async removeCluster(id: string): Promise<void> {
    if (!this.#parts.record.value.clusters.some((each) => each.id === id)) throw unknownCluster(id);
    await this.#parts.record.change((now) => ({ ...now, clusters: now.clusters.filter((each) => each.id !== id) }));
    this.clusters.leave(id);
    this.#problems.delete(id);
    this.#tell();
  }

  hindrances(): readonly Hindrance[] {
    const { edges, clusters } = this.#parts.record.value;
    const found: Hindrance[] = [];
    const say = (code: Hindrance['code'], subject: string, message: string) => found.push({ code, subject, message });
    if (edges.length === 0) say('no_edge', '', 'it is not paired with an Expressway-E');
    if (clusters.length === 0) say('no_cluster', '', 'it has no Unified CM cluster');
    for (const { name } of edges) {
      const standing = this.#edges.get(name);
      if (standing?.problem !== undefined) say('edge_not_connected', name, `${name}: ${standing.problem}`);
      else if (!standing?.hello) say('edge_silent', name, `${name}: it has not answered yet`);
      else if (standing.applied !== this.#serial) {
        say('not_in_force', name, `${name}: the settings are not in force there yet`);
      }
    }
    for (const { id, view } of this.clusters.links) {
      const problem = this.#problems.get(id) ?? (view ? undefined : 'not seen yet');
      if (problem !== undefined) say('cluster_unreachable', id, `cluster ${id}: ${problem}`);
    }
    return found;
  }

  /** Settles once there is nothing left of `hindrances`. */
  ready(): Promise<void> {
    if (this.hindrances().length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #settle(): void {
    if (this.#waiting.length === 0 || this.hindrances().length > 0) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  [Symbol.dispose](): void {
    for (const dialer of this.#dialers.values()) dialer[Symbol.dispose]();
    this.clusters[Symbol.dispose]();
  }
}
