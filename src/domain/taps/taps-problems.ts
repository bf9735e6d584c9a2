import type { TapsCounts, TapsSettings } from './ports.ts';

/** Something that keeps TAPS from working. */
export interface TapsProblem {
  readonly code: 'not_activated' | 'no_number' | 'no_media_ports' | 'no_auto_registration' | 'nothing_prepared';
  readonly message: string;
  readonly remedy: string;
}

export function tapsProblems(settings: TapsSettings, counts: TapsCounts): readonly TapsProblem[] {
  const problems: TapsProblem[] = [];
  if (!counts.nodes.some(({ activated, up }) => activated && up))
    problems.push({
      code: 'not_activated',
      message: 'The TAPS Service is activated on no node that runs.',
      remedy: 'Activate it in Service Activation, on every node that auto-registered phones register with.',
    });
  if (settings.directoryNumber === '')
    problems.push({
      code: 'no_number',
      message: 'TAPS has no directory number.',
      remedy: 'Set the service parameter TAPS Directory Number.',
    });
  if (settings.firstMediaPort + (settings.firstMediaPort % 2) > settings.lastMediaPort)
    problems.push({
      code: 'no_media_ports',
      message: 'The range of media ports holds no even port.',
      remedy: 'Set Stop Media Port above Start Media Port.',
    });
  if (counts.autoRegisteredPhones === 0)
    problems.push({
      code: 'no_auto_registration',
      message: 'No phone has auto-registered.',
      remedy: 'Set up auto-registration, and connect the phones.',
    });
  if (counts.preparedPhones === 0)
    problems.push({
      code: 'nothing_prepared',
      message: 'No phone without a MAC address is prepared.',
      remedy: 'Add phones with a blank MAC address and a directory number, without an activation code.',
    });
  return problems;
}
