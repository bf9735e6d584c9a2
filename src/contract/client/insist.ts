/** How often a POST is sent when its answer gets lost, or says that the outcome is not known yet. */
export const tries = 5;

const unsettled = /"code":"(?:outcome_unknown|request_in_progress)"/;

/** Of a request that may have arrived. Where no connection came about, or nobody answered in time, asking again at once helps nobody. */
const cut: ReadonlySet<unknown> = new Set([undefined, 'ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/** The first answer that settles it, else the last one. */
export async function insist(most: number, once: () => Promise<Response>): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    try {
      const response = await once();
      const open = response.status === 503 || response.status === 409;
      if (attempt >= most || !open || !unsettled.test(await response.clone().text())) return response;
      const seconds = Number(response.headers.get('retry-after') ?? 1);
      await pause(Math.min(Math.max(seconds, 1), 5) * 1000);
    } catch (error) {
      if (attempt >= most || !wasCut(error)) throw error;
      await pause(attempt * 250);
    }
  }
}

function wasCut(error: unknown): boolean {
  const { name, cause } = error as { readonly name?: unknown; readonly cause?: { readonly code?: unknown } };
  return name !== 'AbortError' && name !== 'TimeoutError' && cut.has(cause?.code);
}

const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));
