import { createHash } from 'node:crypto';
import { request } from 'node:https';
import { connect } from 'node:tls';
import { EdgeFault } from '../../domain/edge/edge-fault.ts';
import { MalformedError } from '../../kernel/errors.ts';
import { type EnrolledExpressway, readEnrolledExpressway } from '../../protocol/edge-access/enrolment.ts';
import { say } from '../../texts/say.ts';
import { derToPem } from '../pki/identity.ts';

/** How to make a cluster know this Expressway-C: somebody in the same process, or an administrator's name and password, used once and not kept. */
export type Enrolment =
  | { readonly register: (name: string, certificatePem: string) => Promise<EnrolledExpressway> }
  | {
      /** `https://ucm-a.example.org:8443` */
      readonly url: string;
      readonly user: string;
      readonly password: string;
      /** PEM of the cluster's authority. */
      readonly clusterCa: string;
    };

const patience = 15_000;

/** `POST /api/v1/expressways` at some node of the cluster. Throws EdgeFault. */
export async function enrolWithCluster(
  enrolment: Enrolment,
  name: string,
  certificatePem: string,
): Promise<EnrolledExpressway> {
  if ('register' in enrolment) return enrolment.register(name, certificatePem);
  const { status, text } = await post(enrolment, JSON.stringify({ name, certificate: certificatePem }));
  if (status === 200 || status === 201) {
    try {
      return readEnrolledExpressway(text);
    } catch (cause) {
      if (!(cause instanceof MalformedError)) throw cause;
      throw new EdgeFault('peer', say('cluster_refused'), { field: 'url', cause });
    }
  }
  const problem = problemOf(text);
  throw new EdgeFault(
    'peer',
    problem?.detail === undefined
      ? say('cluster_refused.status', { status })
      : say('cluster_refused.said', { message: problem.detail }),
    {
      field: status === 401 || status === 403 ? 'password' : 'url',
      ...(problem?.remedy !== undefined && { remedy: problem.remedy }),
      detail: { status, ...(problem?.code !== undefined && { problem: problem.code }) },
    },
  );
}

function post(target: Extract<Enrolment, { url: string }>, body: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const call = request(new URL('/api/v1/expressways', target.url), {
      method: 'POST',
      ca: target.clusterCa,
      auth: `${target.user}:${target.password}`,
      timeout: patience,
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
    });
    call.once('timeout', () => call.destroy(new Error('no answer in time')));
    call.on('error', (cause) => reject(unreachable(target.url, cause)));
    call.once('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
        if (text.length > 1 << 20) call.destroy(new Error('the answer is too long'));
      });
      response.once('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    call.end(body);
  });
}

/** The authority a node shows, for a person to compare with what the console of the cluster says. Nothing is sent to it. Throws EdgeFault. */
export function lookAtAuthority(
  url: string,
): Promise<{ readonly pem: string; readonly sha256: string; readonly subject: string }> {
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port: Number(port || 443),
      rejectUnauthorized: false,
      ...(isName(host) && { servername: host }),
    });
    const late = setTimeout(() => socket.destroy(new Error('no answer in time')), patience);
    socket.once('close', () => clearTimeout(late));
    socket.on('error', (cause) => reject(unreachable(url, cause)));
    socket.once('secureConnect', () => {
      let top = socket.getPeerX509Certificate();
      for (let up = top?.issuerCertificate; up && !up.raw.equals(top!.raw); up = up.issuerCertificate) top = up;
      socket.destroy();
      if (top === undefined || !top.checkIssued(top)) {
        reject(new EdgeFault('peer', say('cluster_not_trusted.no_authority'), { field: 'clusterCa' }));
        return;
      }
      const der = Buffer.from(top.raw);
      const sha256 = createHash('sha256').update(der).digest('hex');
      resolve({ pem: derToPem(der), sha256, subject: top.subject.split('\n').join(', ') });
    });
  });
}

const isName = (host: string) => !/^[0-9.]+$|:/.test(host);

function unreachable(url: string, cause: Error): EdgeFault {
  const { code } = cause as NodeJS.ErrnoException;
  if (code !== undefined && /CERT|SELF_SIGNED|ISSUER|ALTNAME/.test(code)) {
    return new EdgeFault('peer', say('cluster_not_trusted', { url, message: cause.message }), {
      field: 'clusterCa',
      cause,
    });
  }
  return new EdgeFault('peer', say('cluster_unreachable', { url, message: cause.message }), { field: 'url', cause });
}

function problemOf(text: string): { code?: string; detail?: string; remedy?: string } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as { code?: string }) : undefined;
  } catch {
    return undefined;
  }
}
