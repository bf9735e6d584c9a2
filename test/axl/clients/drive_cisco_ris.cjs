// Drives npm's cisco-risport and cisco-perfmon: reads {host, user, password, select, perfmonHost} from standard input, prints {ris, counters, collected}.
const { text } = require('node:stream/consumers');
const RisPort = require('cisco-risport');
const Perfmon = require('cisco-perfmon');

(async () => {
  const { host, user, password, select, perfmonHost } = JSON.parse(await text(process.stdin));
  const ris = await new RisPort(host, user, password).selectCmDevice(...select);
  const perfmon = new Perfmon(host, user, password, {}, false);
  const counters = await perfmon.listCounter(perfmonHost);
  const collected = await perfmon.collectCounterData(perfmonHost, 'Cisco Device Activation Service');
  process.stdout.write(JSON.stringify({ ris: ris.results, counters: counters.results, collected: collected.results }));
})();
