import { expect, it } from 'vitest';
import { createMetrics } from '../../infra/metrics/metrics.ts';
import { silentLog } from '../../kernel/log.ts';
import { connectionLimits } from '../listen/connection-limits.ts';
import { listenForHealth } from './listener.ts';

it('tells of warnings below ready, and of what is missing instead of it; the offset of the clock is a metric', async () => {
  const metrics = createMetrics();
  metrics.clockOffset(-691_200);
  const missing: string[] = [];
  const warnings: string[] = [];
  await using health = await listenForHealth({
    address: '127.0.0.1',
    port: 0,
    metrics,
    notReady: () => missing,
    warnings: () => warnings,
    connections: connectionLimits('health'),
    log: silentLog,
  });
  const ask = async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${health.port}${path}`);
    return [answer.status, await answer.text()] as const;
  };
  expect(await ask('/readyz')).toEqual([200, 'ready\n']);
  warnings.push('the clock is behind');
  expect(await ask('/readyz')).toEqual([200, 'ready\nwarning: the clock is behind\n']);
  missing.push('its TVS certificate is not valid');
  expect(await ask('/readyz')).toEqual([503, 'its TVS certificate is not valid\nwarning: the clock is behind\n']);
  expect((await ask('/metrics'))[1]).toContain('firstring_clock_offset_seconds -691200');
  metrics.close();
});
