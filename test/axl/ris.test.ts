import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readXml, type XmlTree } from '../../src/protocol/phone-config/xml-reader.ts';
import { localName } from '../../src/protocol/soap/envelope.ts';
import { send, startRest, type TestRest } from '../rest/support/rest.ts';

let rest: TestRest;
beforeAll(async () => {
  rest = await startRest();
  for (const [mac, number] of [
    ['00C0DE0000A1', '5001'],
    ['00C0DE0000A2', '5002'],
    ['00C0DE0000A3', '5003'],
  ])
    await rest.call('POST', '/phones', {
      body: { model: 'Cisco 8845', mac, description: `Desk ${number}`, lines: [{ directoryNumber: number }] },
    });
  // One is registered, one was, one never.
  const { pool } = rest.database;
  await pool.query(
    `INSERT INTO registration (device_id, device_name, node_id, contact, call_id, cseq, transport, source_address, source_port, directory_numbers, expires_at)
     SELECT d.id, d.name, n.id, 'sip:x@192.0.2.7:5061', 'call', 1, 'tls', '192.0.2.7', 5061, '{5001}', now() + interval '2 minutes'
     FROM device d, node n WHERE d.name = 'SEP00C0DE0000A1'`,
  );
  await pool.query(
    `UPDATE device SET active_load = 'sip8845_65.14-2-1' WHERE name IN ('SEP00C0DE0000A1', 'SEP00C0DE0000A2')`,
  );
});
afterAll(async () => {
  expect(rest.errors).toEqual([]);
  await rest[Symbol.asyncDispose]();
});

const ask = (criteria: string, operation = 'selectCmDeviceExt', as = 'super') =>
  send(rest.port, 'POST', '/realtimeservice2/services/RISService70', {
    as,
    headers: { soapaction: 'whatever' },
    raw: {
      type: 'text/xml;charset=UTF-8',
      text: `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:soap="http://schemas.cisco.com/ast/soap"><soapenv:Header/><soapenv:Body><soap:${operation}><soap:StateInfo></soap:StateInfo><soap:CmSelectionCriteria>${criteria}</soap:CmSelectionCriteria></soap:${operation}></soapenv:Body></soapenv:Envelope>`,
    },
  });
const item = (...names: string[]) =>
  `<soap:SelectItems>${names.map((name) => `<soap:item><soap:Item>${name}</soap:Item></soap:item>`).join('')}</soap:SelectItems>`;
const find = (tree: XmlTree, name: string): XmlTree =>
  localName(tree.name) === name
    ? tree
    : (tree.children.map((each) => find(each, name)).find((each) => each.name !== '') ?? { ...tree, name: '' });
const rows = (text: string) =>
  find(readXml(new TextEncoder().encode(text)), 'CmDevices').children.map((row) =>
    Object.fromEntries(row.children.map((each) => [localName(each.name), each.text])),
  );

describe('RIS', () => {
  it.each([
    ['<soap:SelectItems><soap:item><soap:Name>SEP00C0DE0000A1</soap:Name></soap:item></soap:SelectItems>', 'Name'],
    ['<soap:SelectItems><soap:Item>SEP00C0DE0000A1</soap:Item></soap:SelectItems>', 'Item'],
    ['<soap:Status>Any</soap:Status><soap:Status>Registered</soap:Status>', 'Status'],
  ])('refuses by name what it would have to pass over, instead of finding everything: %s', async (criteria, name) => {
    const { status, text } = await ask(criteria);
    expect(status).toBe(500);
    expect(text).toContain(`<faultstring>${name} is `);
  });

  it('has Perfmon do the same', async () => {
    const { status, text } = await send(rest.port, 'POST', '/perfmonservice2/services/PerfmonService', {
      as: 'super',
      raw: {
        type: 'text/xml',
        text: '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><p:perfmonCollectCounterData xmlns:p="http://schemas.cisco.com/ast/soap"><p:Host>localhost</p:Host><p:Object>Cisco Device Activation Service</p:Object><p:Counter>x</p:Counter></p:perfmonCollectCounterData></e:Body></e:Envelope>',
      },
    });
    expect(status).toBe(500);
    expect(text).toContain('<faultstring>Counter is not known here');
  });

  it('answers both operations under the one name that clients know', async () => {
    for (const operation of ['selectCmDevice', 'selectCmDeviceExt']) {
      const { status, text } = await ask(item('SEP00C0DE0000A1'), operation);
      expect(status).toBe(200);
      expect(text).toContain('<ns1:selectCmDeviceResponse xmlns:ns1="http://schemas.cisco.com/ast/soap">');
      expect(rows(text)).toMatchObject([
        {
          Name: 'SEP00C0DE0000A1',
          DirNumber: '5001-Registered',
          Model: '36224',
          Status: 'Registered',
          StatusReason: '0',
          ActiveLoadID: 'sip8845_65.14-2-1',
        },
      ]);
    }
  });

  it('finds by wildcard, number, description and status', async () => {
    const names = async (criteria: string) => rows((await ask(criteria)).text).map((row) => row['Name']);
    expect(await names(item('SEP00C0DE*'))).toEqual(['SEP00C0DE0000A1', 'SEP00C0DE0000A2', 'SEP00C0DE0000A3']);
    expect(await names(`<soap:Status>Registered</soap:Status>${item('*')}`)).toEqual(['SEP00C0DE0000A1']);
    expect(await names(`<soap:Status>UnRegistered</soap:Status>${item('*')}`)).toEqual(['SEP00C0DE0000A2']);
    // A phone that never came is not known here, unless it is asked for.
    expect(await names(item('*'))).toEqual(['SEP00C0DE0000A1', 'SEP00C0DE0000A2']);
    expect(await names(`<soap:SelectBy>DirNumber</soap:SelectBy>${item('5003')}`)).toEqual(['SEP00C0DE0000A3']);
    expect(await names(`<soap:SelectBy>Description</soap:SelectBy>${item('desk 500*')}`)).toHaveLength(3);
  });

  it('asks who may not read to go', async () => {
    expect((await ask(item('*'), 'selectCmDevice', 'end-user')).status).toBe(403);
  });

  it('lets fifteen through a minute and tells the next in the words clients wait on', async () => {
    let answer = await ask(item('*'));
    for (let i = 0; i < 16 && answer.status === 200; i++) answer = await ask(item('*'));
    expect(answer.status).toBe(500);
    expect(answer.text).toContain(
      '<faultstring>AxisFault: Exceeded allowed rate for Reatime information. Current allowed rate for realtime information is 15 requests per minute.</faultstring>',
    );
  });
});
