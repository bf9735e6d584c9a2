import { reasonsEn } from './reasons-en.ts';
import type { OnboardingTexts } from './texts.ts';

export const textsEn: OnboardingTexts = {
  steps: {
    trust: {
      title: 'Trust list',
      ok: 'The phone fetched the trust list (ITL).',
      failed: 'The phone could not fetch the trust list (ITL).',
    },
    config: {
      title: 'Configuration file',
      ok: 'The phone fetched its configuration.',
      failed: 'The phone asked for its configuration and got none.',
      info: 'The phone asked for its configuration.',
    },
    discover: {
      title: 'Onboarding method',
      ok: 'The phone read XMLDefault and knows whether an activation code is in use and where to activate.',
      failed: 'The phone could not read XMLDefault.',
    },
    firmware: {
      title: 'Firmware',
      ok: 'The phone fetched firmware.',
      failed: 'The phone asked for firmware that is not here.',
    },
    tvs: {
      title: 'Certificate check',
      ok: 'The phone asked the Trust Verification Service about a certificate and was told to trust it.',
      failed: 'The phone asked the Trust Verification Service about a certificate that is not trusted here.',
      info: 'The phone asked the Trust Verification Service about a certificate.',
    },
    start: {
      title: 'Code entered',
      ok: 'Somebody entered a code; the phone began to prove itself.',
      failed: 'Somebody entered a code, and the phone was turned away before it could prove anything.',
      info: 'Somebody entered a code; the phone began to prove itself.',
    },
    prove: {
      title: 'Proof of code and certificate',
      ok: 'The phone proved that it knows the code and holds its manufacturer-installed certificate.',
      failed: 'The proof was not accepted.',
    },
    activated: {
      title: 'Code accepted',
      ok: 'The code was accepted and used up; the record carries the real MAC address now. The phone is to confirm that it took what it was given.',
      failed: 'The code was right, but the phone was not let in.',
    },
    confirm: {
      title: 'Confirmed',
      ok: 'The phone has stored what it was given.',
      failed: 'The phone could not confirm what it was given.',
    },
    token: {
      title: 'Access token',
      ok: 'The phone outside got fresh tokens.',
      failed: 'The phone outside asked for fresh tokens and got none.',
    },
    register: {
      title: 'Registration',
      ok: 'The phone is registered.',
      failed: 'The phone tried to register and was refused.',
    },
    'keep-alive': {
      title: 'Keep-alive',
      ok: 'The phone refreshed its registration.',
      failed: 'The phone could not refresh its registration.',
    },
    'connection-lost': {
      title: 'Connection lost',
      info: 'The connection of the phone broke. It stays registered until its registration runs out, but cannot be called.',
    },
    unregister: {
      title: 'Registration ended',
      info: 'The phone is no longer registered.',
      ok: 'The phone signed off.',
    },
    'auto-registered': {
      title: 'Auto-registered',
      ok: 'The phone had no record; it was given one and the next free directory number, and told to start again.',
    },
    taps: {
      title: 'TAPS',
      ok: 'Somebody dialled TAPS at this phone and chose the prepared record: it carries the MAC address of the phone now.',
      failed: 'Somebody dialled TAPS at this phone and did not get the prepared record.',
      info: 'Somebody dialled TAPS at this phone.',
    },
    'phone-added': { title: 'Phone added', info: 'The phone was added.' },
    'phone-changed': { title: 'Phone changed', info: 'The settings of the phone were changed.' },
    'phone-renamed': {
      title: 'Phone renamed',
      info: 'The MAC address of the phone was changed, and with it the device name.',
    },
    'phone-deleted': { title: 'Phone deleted', info: 'The phone was deleted.' },
    'phone-locked': {
      title: 'Phone locked',
      info: 'The phone must enter an activation code before it registers again.',
    },
    'phone-unlocked': { title: 'Phone unlocked', info: 'The phone needs no activation code any more.' },
    'code-waits': {
      title: 'Activation code waits for the cloud',
      info: 'The code shall work from outside: it gets its digits as soon as the cloud answers. Cloud Onboarding shows what is wrong.',
    },
    'code-made': { title: 'Activation code made', info: 'A new activation code waits to be entered on the phone.' },
    'code-revealed': { title: 'Activation code shown', info: 'The activation code was shown to somebody.' },
    'code-released': {
      title: 'Activation code released',
      info: 'The activation code was released and is worth nothing now.',
    },
    'code-expired': { title: 'Activation code expired', info: 'The activation code was not entered in time.' },
    'code-locked': {
      title: 'Activation code locked',
      info: 'The activation code was locked after too many wrong attempts.',
    },
    'tokens-revoked': {
      title: 'Tokens revoked',
      info: 'The tokens of the phone were revoked: it cannot be used from outside until it is activated again.',
    },
    'code-e-mail-queued': {
      title: 'E-mail asked for',
      info: 'The activation code is to be sent to the owner by e-mail.',
    },
    'code-e-mailed': { title: 'E-mail sent', info: 'The mail server took the message to the owner.' },
    'code-e-mail-delayed': {
      title: 'E-mail delayed',
      failed: 'The message to the owner could not be handed to the mail server yet; it is tried again.',
    },
    'code-e-mail-failed': { title: 'E-mail failed', failed: 'The message to the owner was given up.' },
    'code-e-mail-cancelled': { title: 'E-mail not sent', info: 'The message to the owner was not needed any more.' },
    reset: { title: 'Reset', info: 'The phone was asked to reset.' },
    restart: { title: 'Restart', info: 'The phone was asked to restart.' },
  },
  reasons: reasonsEn,
  unknownStep: (step) => ({ title: step }),
  unknownReason: (reason) => ({
    cause: `The reason given is ${reason}.`,
    remedy: 'Look it up in the log of the node.',
  }),
};
