import type { RisDevice, RisStatus } from '../../domain/integrations/ris.ts';
import { el, type SoapElement } from '../../protocol/soap/envelope.ts';

/** StatusReason: 0 registered, 13 keep-alive timeout, 1 unknown. Source: reference "RIS". */
const reasons: Readonly<Record<RisStatus, string>> = { Registered: '0', UnRegistered: '13', Unknown: '1' };

/** The reply of both operations, children in the order that strict clients want. A node without devices still stands in it. */
export function risResponse(devices: readonly RisDevice[], total: number, nodes: readonly string[]): SoapElement {
  const first = nodes[0];
  // A phone that is not registered stands under the first node: its own is not known any more.
  const byNode = Map.groupBy(devices, (device) => (device.node === '' ? first : device.node));
  const items = nodes.map((name) => {
    const here = byNode.get(name) ?? [];
    return el('ns1:item', [
      el('ns1:ReturnCode', here.length === 0 ? 'NotFound' : 'Ok'),
      el('ns1:Name', name),
      el('ns1:NoChange', 'false'),
      el('ns1:CmDevices', here.map(deviceElement)),
    ]);
  });
  return el(
    'ns1:selectCmDeviceResponse',
    [
      el('ns1:selectCmDeviceReturn', [
        el('ns1:SelectCmDeviceResult', [el('ns1:TotalDevicesFound', String(total)), el('ns1:CmNodes', items)]),
        el('ns1:StateInfo'),
      ]),
    ],
    { 'xmlns:ns1': 'http://schemas.cisco.com/ast/soap' },
  );
}

function deviceElement(device: RisDevice): SoapElement {
  const registered = device.status === 'Registered';
  const lineStatus = registered ? 'Registered' : 'UnRegistered';
  const seconds = device.at === null ? 0 : Math.floor(device.at.getTime() / 1000);
  return el('ns1:item', [
    el('ns1:Name', device.name),
    el('ns1:DirNumber', device.directoryNumbers.map((number) => `${number}-${lineStatus}`).join(',')),
    el('ns1:DeviceClass', 'Phone'),
    el('ns1:Model', String(device.typeId)),
    el('ns1:Product', String(device.typeId)),
    el('ns1:BoxProduct', '0'),
    el('ns1:Httpd', 'Unknown'),
    el('ns1:RegistrationAttempts', registered ? '1' : '0'),
    el('ns1:IsCtiControllable', 'false'),
    el('ns1:LoginUserId', device.ownerUserId),
    el('ns1:Status', device.status),
    el('ns1:StatusReason', reasons[device.status]),
    el('ns1:PerfMonObject', '0'),
    el('ns1:DChannel', '0'),
    el('ns1:Description', device.description),
    el('ns1:H323Trunk'),
    el('ns1:TimeStamp', String(seconds)),
    el('ns1:Protocol', 'SIP'),
    el('ns1:NumOfLines', String(device.directoryNumbers.length)),
    el(
      'ns1:LinesStatus',
      device.directoryNumbers.map((number) =>
        el('ns1:item', [el('ns1:DirectoryNumber', number), el('ns1:Status', lineStatus)]),
      ),
    ),
    el('ns1:ActiveLoadID', device.activeLoad),
    el('ns1:InactiveLoadID', device.inactiveLoad),
    el('ns1:DownloadStatus', 'Unknown'),
    el('ns1:DownloadFailureReason'),
    el('ns1:DownloadServer'),
    el(
      'ns1:IPAddress',
      device.ipAddress === ''
        ? []
        : [
            el('ns1:item', [
              el('ns1:IP', device.ipAddress),
              el('ns1:IPAddrType', device.ipAddress.includes(':') ? 'ipv6' : 'ipv4'),
              el('ns1:Attribute', 'Unknown'),
            ]),
          ],
    ),
  ]);
}
