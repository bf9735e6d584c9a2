import { ServerResponse } from 'node:http';
import { silentLog } from '../../src/kernel/log.ts';
import { startCloud } from '../../src/roles/cloud/start.ts';

/** Child process: a node of the cloud that kills itself (SIGKILL) when it is about to answer, or so many ms after a request came. */
export interface CloudProcessStart {
  readonly url: string;
  readonly dataDirectory: string;
}
export interface CloudCrash {
  readonly crash: 'before-answer' | number;
}

let crash: CloudCrash['crash'] | undefined;
const die = () => process.kill(process.pid, 'SIGKILL');

const emit = ServerResponse.prototype.end;
ServerResponse.prototype.end = function (this: ServerResponse, ...input: never[]) {
  if (crash === 'before-answer') die();
  return emit.apply(this, input as never);
} as typeof emit;

process.on('message', async (message: CloudProcessStart | CloudCrash) => {
  if ('crash' in message) {
    crash = message.crash;
    if (typeof crash === 'number') setTimeout(die, crash);
    process.send?.({ armed: true });
    return;
  }
  const cloud = await startCloud({
    name: 'mortal',
    dataDirectory: message.dataDirectory,
    database: { url: message.url, connections: 4 },
    hostNames: ['localhost', '127.0.0.1'],
    listen: { address: '127.0.0.1' },
    ports: { cloud: 0, cloudConsole: 0 },
    version: 'test',
    log: silentLog,
  });
  process.send?.({ url: cloud.endpoints.cloud });
});
