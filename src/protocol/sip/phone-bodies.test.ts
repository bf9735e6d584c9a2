import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { phoneContact, registerContacts } from './contact.ts';
import { field, noBody, type SipRequest } from './message.ts';
import { phoneReason, readPhoneReason } from './phone-reason.ts';
import { asksBulkRegister, bulkRegisterBody, bulkRegisterContentType } from './remotecc.ts';
import { readServiceControl, serviceControlBody } from './service-control.ts';

const register = (...contacts: readonly string[]): SipRequest => ({
  kind: 'request',
  method: 'REGISTER',
  uri: 'sip:a',
  headers: contacts.map((text) => field('Contact', text)),
  body: noBody,
});

describe('what a phone says in REGISTER', () => {
  it('reads the Contact of the field as the phone writes it', () => {
    const text = phoneContact({
      uri: 'sip:8f1c@192.0.2.9:51200;transport=tcp',
      mac: '001122334455',
      deviceName: 'SEP001122334455',
      modelId: 684,
    });
    expect(registerContacts(register(text))).toMatchObject({
      contacts: [
        {
          uri: { user: '8f1c', host: '192.0.2.9', port: 51200 },
          instance: 'urn:uuid:00000000-0000-0000-0000-001122334455',
          deviceName: 'SEP001122334455',
          model: '684',
          keepAlive: false,
        },
      ],
    });
  });

  it('tells the keep-alive of a backup node', () => {
    const text = phoneContact({
      uri: 'sip:8f1c@192.0.2.9',
      mac: '001122334455',
      deviceName: 'SEP001122334455',
      modelId: 684,
      keepAlive: true,
    });
    expect(registerContacts(register(text))).toMatchObject({ contacts: [{ keepAlive: true }] });
  });

  it('takes * only alone', () => {
    expect(registerContacts(register('*'))).toEqual({ all: true });
    expect(() => registerContacts(register('*', '<sip:a@b>'))).toThrow();
  });

  it('counts a malformed expires as 3600', () => {
    expect(registerContacts(register('<sip:a@b>;expires=soon'))).toMatchObject({ contacts: [{ expires: 3600 }] });
  });

  it('reads the loads out of the Reason it writes', () => {
    expect(readPhoneReason(phoneReason('SEP001122334455', 'sip88xx.14-2-1', 'sip88xx.12-5-1'))).toEqual({
      cause: 200,
      activeLoad: 'sip88xx.14-2-1',
      inactiveLoad: 'sip88xx.12-5-1',
      last: 'initialized',
    });
  });

  it('reads the single Load of older phones, and skips what is no load name', () => {
    expect(
      readPhoneReason('SIP;cause=200;text="cisco-alarm:25 Name=SEP1 Load=SIP45.9-4-2.loads Last=initialized"'),
    ).toMatchObject({ activeLoad: 'SIP45.9-4-2' });
    expect(readPhoneReason('SIP;cause=200;text="ActiveLoad=../../x InactiveLoad=<b>"')).toMatchObject({
      activeLoad: undefined,
      inactiveLoad: undefined,
    });
    expect(readPhoneReason('Q.850;cause=16')).toBeUndefined();
  });

  it('reads any Reason without throwing', () => {
    fc.assert(fc.property(fc.string(), (text) => void readPhoneReason(`SIP;text="${text}"`)));
  });

  it('knows the request for all lines', () => {
    expect(asksBulkRegister(bulkRegisterContentType, bulkRegisterBody())).toBe(true);
    expect(asksBulkRegister('application/sdp', bulkRegisterBody())).toBe(false);
    expect(asksBulkRegister(bulkRegisterContentType, '<bulkregisterreq><contact all="false"/>')).toBe(false);
  });
});

describe('service control', () => {
  it.each(['restart', 'reset', 'apply-config'] as const)('reads the %s it writes', (action) => {
    const control = { action, registerCallId: 'abc@192.0.2.9', configVersionStamp: '1700000000-5c2f' };
    expect(readServiceControl(serviceControlBody(control))).toEqual(control);
  });

  it('leaves actions alone that it does not know', () => {
    expect(readServiceControl('action=self-destruct\r\n')).toBeUndefined();
  });
});
