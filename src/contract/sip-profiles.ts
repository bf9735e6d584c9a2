import Type from 'typebox';
import { name, text } from './common.ts';
import { resource } from './resource.ts';

const whole = (minimum: number, maximum: number, description: string) =>
  Type.Integer({ minimum, maximum, description });

export const sipProfiles = resource({
  title: 'SipProfile',
  description: 'Timers and ports of SIP on a phone',
  path: 'sip-profiles',
  fields: {
    name: name(50, 'What the profile is called'),
    description: text(128, 'For people'),
    timerRegisterExpires: whole(60, 7200, 'Seconds a registration is asked for'),
    timerRegisterDelta: whole(1, 60, 'Seconds before the end at which the phone registers again'),
    timerKeepAliveExpires: whole(30, 3600, 'Seconds between the keep-alives of a phone'),
    timerInviteExpires: whole(30, 600, 'Seconds a call rings at most'),
    timerT1: whole(100, 2000, 'Milliseconds until the first retransmission (RFC 3261)'),
    timerT2: whole(1000, 16_000, 'Milliseconds between retransmissions at most (RFC 3261)'),
    retryInvite: whole(1, 10, 'How often an INVITE is repeated'),
    retryNonInvite: whole(1, 10, 'How often any other request is repeated'),
    startMediaPort: whole(2048, 65_534, 'First port for audio and video'),
    stopMediaPort: whole(2049, 65_535, 'Last port for audio and video'),
    dtmfPayload: whole(96, 127, 'RTP payload type of telephone events'),
    intercomAllowed: Type.Boolean({ description: 'Whether its phones may ask other phones to pick up by themselves' }),
  },
  defaults: {
    description: '',
    timerRegisterExpires: 3600,
    timerRegisterDelta: 5,
    timerKeepAliveExpires: 120,
    timerInviteExpires: 180,
    timerT1: 500,
    timerT2: 4000,
    retryInvite: 6,
    retryNonInvite: 10,
    startMediaPort: 16_384,
    stopMediaPort: 32_766,
    dtmfPayload: 101,
    intercomAllowed: false,
  },
  example: {
    name: 'Slow link',
    description: 'For phones behind a satellite',
    timerRegisterExpires: 3600,
    timerRegisterDelta: 10,
    timerKeepAliveExpires: 300,
    timerInviteExpires: 180,
    timerT1: 1000,
    timerT2: 8000,
    retryInvite: 6,
    retryNonInvite: 10,
    startMediaPort: 16_384,
    stopMediaPort: 32_766,
    dtmfPayload: 101,
    intercomAllowed: false,
  },
});
