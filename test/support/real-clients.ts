import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const told = new Set<string>();

/**
 * Path of a real client (`sipp`, `baresip`, `tftp`, `atftp`, `dnsmasq`, `curl`, `ip` …). Where it is not installed: undefined and one line that
 * says so, for `it.skipIf(client === undefined)`; with CI=true that is an error, so that a run never passes by skipping.
 */
export function realClient(name: string): string | undefined {
  const path = pathOf(name);
  if (path === undefined) tellMissing(name);
  return path;
}

/** The browser, as `realClient`: Chromium without its window where there is one, which paints nothing that nobody sees. */
export function realBrowser(): string | undefined {
  const path = pathOf('chromium-headless-shell') ?? pathOf('chromium');
  if (path === undefined) tellMissing('chromium');
  return path;
}

function pathOf(name: string): string | undefined {
  for (const folder of [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin']) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Look in the next folder.
    }
  }
  return undefined;
}

function tellMissing(name: string): void {
  if (process.env['CI'] === 'true') throw new Error(`${name} is not installed, and CI=true demands it`);
  if (!told.has(name)) process.stdout.write(`${name} is not installed here: its tests are skipped\n`);
  told.add(name);
}

/** The same for a library of a language: whether the command that shows it ends well. */
export function realLibrary(name: string, command: string, ...args: readonly string[]): boolean {
  if (spawnSync(command, [...args], { stdio: 'ignore' }).status === 0) return true;
  tellMissing(name);
  return false;
}
