import type { Command } from 'commander';
import { exitCodeOf, PhoneFault } from './boot/faults.ts';
import type { PhoneArguments } from './command-options.ts';

/** Adds `firstring phone`. What it needs is loaded only when it runs. Sets process.exitCode; 0: registered. */
export function addPhoneCommand(program: Command): void {
  const each = (value: string, before: readonly string[] = []) => [...before, value];
  program
    .command('phone')
    .description('boot a reference phone, or a fleet of them, until it is registered')
    .option('--tftp <host[:port]>', 'TFTP server, as set by hand on a phone; may be repeated', each)
    .option('--http <[host:]port>', 'its HTTP port, when it is not 6970 beside TFTP on 69 or 6969')
    .option('--dhcp <interface>', 'ask DHCP (option 150) on this interface')
    .option('--mra', 'the phone is outside: it comes in through the cloud and an edge')
    .option('--cloud <url>', 'the activation cloud it is made for')
    .option('--cloud-key <file>', "the cloud's key it pins (public JWK)")
    .option('--cloud-ca <file>', "what the cloud's TLS certificate chains to (PEM); default: public roots")
    .option('--dns <address[:port]>', 'DNS server; may be repeated; default: those of this machine', each)
    .option('--runtime <file>', 'runtime.json of a running system: its addresses and its lab manufacturer')
    .option('--model <model>', 'Cisco 8845, CP-8845 or 8845; default: what the certificate says')
    .option('--mac <mac>', "the phone's MAC address; with --count the first one")
    .option('--mic-cert <file>', "the phone's certificate (PEM, with its chain)")
    .option('--mic-key <file>', 'its key (PEM)')
    .option('--lab-ca-cert <file>', 'a lab manufacturer that makes the certificate on the spot')
    .option('--lab-ca-key <file>', "the manufacturer's key")
    .option('--mic-key-type <type>', 'p256 or rsa2048, for certificates made on the spot', 'p256')
    .option(
      '--code <code>',
      'activation code, or its QR payload; without it the phone asks (outside also for the service domain)',
    )
    .option('--load <name>', 'firmware the phone runs')
    .option('--state-dir <dir>', 'keep what the phone learns here, so that it knows it after a restart')
    .option('--erase', 'factory reset before the phone starts: forget trust list, configuration and identity')
    .option('--reset-service-mode', 'forget MRA mode before the phone starts')
    .option('--stay', 'stay registered and do what the server says, until SIGTERM')
    .option('--call <number>', 'place a call once registered')
    .option('--call-seconds <seconds>', 'hang up after', '2')
    .option('--press <keys>', 'press these keys during the call, e.g. 1001## for TAPS')
    .option('--answer <seconds>', 'answer calls after ringing this long')
    .option('--json', 'one JSON object a line')
    .option('--count <n>', 'boot a fleet')
    .option('--codes <file>', 'codes of the fleet, one a line: code[,mac]')
    .option('--concurrency <n>', 'phones of the fleet that boot at once', '32')
    .option('--spread <seconds>', 'spread the starts of the fleet over this time; default: 100 phones a second')
    .addHelpText('after', afterHelp)
    .action(async (args: PhoneArguments) => {
      try {
        const run =
          args.count === undefined && args.codes === undefined
            ? (await import('./command-one.ts')).bootOne
            : (await import('./command-fleet.ts')).bootFleet;
        process.exitCode = await run(args);
      } catch (error) {
        if (!(error instanceof PhoneFault)) throw error;
        if (args.json === true) {
          const { code, message, remedy } = error;
          process.stdout.write(
            `${JSON.stringify({ event: 'result', registered: false, fault: code, message, remedy })}\n`,
          );
        } else process.stderr.write(`${error.message}\n${error.remedy ?? ''}\n`);
        process.exitCode = exitCodeOf(error.code);
      }
    });
}

const afterHelp = `
Without --stay the phone leaves once it is registered; its registration is kept until it runs out, two minutes at most.

Exit codes: 0 registered, 2 wrong arguments, 10 no server found, 11 files missing or not trusted, 12 code mistyped or missing,
13 server not trusted, 14 certificate refused, 15 code refused, 16 activation service away or busy, 17 not registered,
18 state not stored, 19 call failed, 20 part of a fleet failed, 130 stopped.`;
