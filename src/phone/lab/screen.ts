import { remedyOf } from '../boot/faults.ts';
import type { BootFailure } from '../boot/types.ts';
import type { TimedStep } from '../phone-options.ts';
import type { CallNews } from '../sip/calls.ts';

export interface ScreenProblem {
  readonly fault: string;
  readonly message: string;
  readonly remedy: string;
}

/** What a phone shows to the person in front of it. */
export interface Screen {
  readonly kind:
    | 'off'
    | 'starting'
    | 'code'
    | 'activating'
    | 'setting-up'
    | 'registering'
    | 'registered'
    | 'ringing'
    | 'calling'
    | 'in-call'
    | 'failed';
  /** Of the last thing that did not work, until something works again. */
  readonly problem: ScreenProblem | null;
  /** The other end of a call. */
  readonly with: string | null;
}

export type ScreenEvent =
  | { readonly type: 'plugged' }
  | { readonly type: 'unplugged' }
  | { readonly type: 'step'; readonly step: TimedStep }
  /** The phone waits for a code; `problem`: why the last one did not do. */
  | { readonly type: 'asked'; readonly problem: BootFailure | undefined }
  | { readonly type: 'call'; readonly news: CallNews }
  | { readonly type: 'ended'; readonly failure: BootFailure };

export const darkScreen: Screen = { kind: 'off', problem: null, with: null };

const show = (kind: Screen['kind'], problem: ScreenProblem | null = null): Screen => ({ kind, problem, with: null });

/** The screen after something happened. */
export function stepScreen(screen: Screen, event: ScreenEvent): Screen {
  switch (event.type) {
    case 'plugged':
      return show('starting');
    case 'unplugged':
      return darkScreen;
    case 'asked':
      return show('code', event.problem === undefined ? null : problemOf(event.problem.code, event.problem.message));
    case 'ended':
      return show('failed', problemOf(event.failure.code, event.failure.message));
    case 'call':
      return afterCall(event.news);
    case 'step':
      return afterStep(screen, event.step);
  }
}

function afterStep(screen: Screen, { step, outcome, text, fault }: TimedStep): Screen {
  if (fault !== undefined) return { ...screen, problem: problemOf(fault, text) };
  switch (step) {
    case 'boot':
      return show('starting');
    case 'code':
    case 'welcome':
      return outcome === 'done' && step === 'code' ? show('activating') : screen;
    case 'cloud':
    case 'locate':
    case 'edge':
    case 'token':
    case 'mode':
      return screen;
    case 'trust':
    case 'start':
    case 'prove':
      return show('activating');
    case 'store':
    case 'firmware':
      return show('setting-up');
    case 'configuration':
    case 'defaults':
      // Once the code is through, the same files are part of the setting up.
      return show(screen.kind === 'starting' ? 'starting' : 'setting-up');
    case 'discover':
    case 'trust-list':
    case 'unregister':
    case 'service-control':
      return show('starting');
    case 'register':
      return show(outcome === 'done' ? 'registered' : 'registering');
    case 'keep-alive':
    case 'confirm':
    case 'call':
      return screen;
  }
}

function afterCall(news: CallNews): Screen {
  switch (news.type) {
    case 'ringing':
      return { kind: news.incoming ? 'ringing' : 'calling', problem: null, with: news.with };
    case 'answered':
      return { kind: 'in-call', problem: null, with: news.with };
    case 'ended':
      return show('registered');
    case 'failed':
      return show('registered', problemOf('call_failed', `The call to ${news.with} did not come up: ${news.detail}.`));
  }
}

function problemOf(fault: BootFailure['code'], message: string): ScreenProblem {
  return { fault, message, remedy: remedyOf(fault) };
}
