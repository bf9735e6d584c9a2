import { FirmwareFile, FirmwareFiles, FirmwarePath, FirmwareUpload } from '../../contract/firmware-files.ts';
import {
  type FirmwareFaultCode,
  type FirmwareFile as FirmwareRecord,
  maxFirmwareSize,
} from '../../domain/provisioning/firmware.ts';
import type { FirmwareService } from '../../domain/provisioning/firmware-service.ts';
import { notFound } from '../../domain/settings/setting-fault.ts';
import { toHex } from '../../kernel/bytes.ts';
import type { ProblemTable } from './problem.ts';
import { created, noContent, ok, type RestModule, route, stream } from './route.ts';
import { settingProblems } from './settings.ts';

export const firmwareProblems = {
  firmware_name_invalid: { status: 400, title: 'Phones cannot ask for that name' },
  firmware_too_large: { status: 413, title: 'The file is too large' },
  firmware_empty: { status: 422, title: 'The file is empty' },
  firmware_exists: { status: 409, title: 'The file is already there' },
  firmware_incomplete: { status: 503, title: 'The file was removed while it was being read' },
  firmware_in_use: { status: 409, title: 'Phones are told to load it' },
} satisfies ProblemTable<FirmwareFaultCode>;

const show = (file: FirmwareRecord) => ({
  name: file.name,
  size: file.size,
  sha256: toHex(file.sha256),
  createdAt: file.createdAt.toISOString(),
});

export function firmwareModule(files: FirmwareService): RestModule {
  return {
    tag: 'Firmware',
    description: 'Files phones fetch over TFTP and HTTP',
    problems: { ...settingProblems, ...firmwareProblems },
    routes: [
      route({
        method: 'GET',
        path: '/firmware-files',
        needs: ['system.read'],
        summary: 'List: firmware file',
        description: 'Shows every file phones can fetch.',
        answers: { 200: FirmwareFiles },
        async handle() {
          return ok({ items: (await files.list()).map(show) });
        },
      }),
      route({
        method: 'PUT',
        path: '/firmware-files/{name}',
        needs: ['system.write'],
        summary: 'Upload: firmware file',
        description: 'Stores a file whole or not at all; every node serves it once it is complete.',
        params: FirmwarePath,
        query: FirmwareUpload,
        uploads: { types: ['application/octet-stream'], maxOctets: maxFirmwareSize },
        answers: { 201: FirmwareFile },
        problems: ['firmware_name_invalid', 'firmware_too_large', 'firmware_empty', 'firmware_exists'],
        async handle({ params: { name }, query, upload, caller }) {
          const file = await files.put(caller.actor, name, upload, query.replace === true);
          return created(`/firmware-files/${encodeURIComponent(name)}`, show(file));
        },
      }),
      route({
        method: 'GET',
        path: '/firmware-files/{name}',
        needs: ['system.read'],
        summary: 'Show: firmware file',
        description: 'Shows size and hash of a file.',
        params: FirmwarePath,
        answers: { 200: FirmwareFile },
        async handle({ params: { name } }) {
          return ok(show(await known(files, name)));
        },
      }),
      route({
        method: 'GET',
        path: '/firmware-files/{name}/content',
        needs: ['system.read'],
        summary: 'Download: firmware file',
        description: 'The octets of a file.',
        params: FirmwarePath,
        answers: { 200: 'application/octet-stream' },
        async handle({ params: { name } }) {
          const file = await known(files, name);
          return stream('application/octet-stream', files.content(file), { fileName: name });
        },
      }),
      route({
        method: 'DELETE',
        path: '/firmware-files/{name}',
        needs: ['system.write'],
        summary: 'Delete: firmware file',
        description: 'Phones cannot fetch it any more.',
        params: FirmwarePath,
        answers: { 204: null },
        problems: ['firmware_in_use'],
        async handle({ params: { name }, caller }) {
          if (!(await files.remove(caller.actor, name))) throw notFound('firmware file', name);
          return noContent();
        },
      }),
    ],
  };
}

async function known(files: FirmwareService, name: string): Promise<FirmwareRecord> {
  const file = await files.find(name);
  if (file === undefined) throw notFound('firmware file', name);
  return file;
}
