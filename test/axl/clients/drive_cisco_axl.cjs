// Drives npm's cisco-axl: reads {host, user, password, version, calls: [[operation, tags], …]} from standard input, prints one result a call.
const { text } = require('node:stream/consumers');
const AxlService = require('cisco-axl');

(async () => {
  const { host, user, password, version, calls } = JSON.parse(await text(process.stdin));
  const service = new AxlService(host, user, password, version);
  const results = [];
  for (const [operation, tags] of calls) {
    try {
      results.push({ ok: (await service.executeOperation(operation, tags)) ?? null });
    } catch (error) {
      results.push({
        fault: typeof error === 'string' ? error : (error.faultstring ?? error.message ?? String(error)),
      });
    }
  }
  process.stdout.write(JSON.stringify(results));
})();
