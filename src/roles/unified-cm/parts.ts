import type { NodeContext, Part } from './context.ts';
import type { NodeDomain } from './domain.ts';
import { Doors } from './doors.ts';
import { startActivation } from './parts/activation.ts';
import { startAdministration } from './parts/administration.ts';
import { startAuditing } from './parts/audit.ts';
import { startBulk } from './parts/bulk.ts';
import { startEdgeAccessPart } from './parts/edge-access.ts';
import { startFiles } from './parts/files.ts';
import { startMail } from './parts/mail.ts';
import { startMra } from './parts/mra.ts';
import { startTelephony } from './parts/telephony.ts';
import { startTimelineKeeping } from './parts/timeline.ts';
import { startWebhooks } from './parts/webhooks.ts';

/** Starts the parts of a node and adds each to `started` as it runs, so that a failure stops those that do. */
export async function startParts(context: NodeContext, domain: NodeDomain, started: Part[]): Promise<void> {
  const starts = [
    startAuditing,
    startTimelineKeeping,
    startFiles,
    startActivation,
    startTelephony,
    startEdgeAccessPart,
    startAdministration,
    startMail,
    startWebhooks,
    startBulk,
    startMra,
  ];
  const doors = new Doors(starts.length);
  const results = await Promise.allSettled(
    starts.map(async (start) => {
      const ticket = doors.ticket();
      try {
        started.push(await start({ ...context, beforeListening: ticket.open }, domain));
        ticket.done();
      } catch (error) {
        ticket.failed(error);
        throw error;
      }
    }),
  );
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}
