import { readFileSync, realpathSync, statSync } from 'node:fs';

/** Who else could read a key file, and what to do; undefined: nobody who must not. `mounted`: as the configuration says. Throws what the system says. */
export function exposure(
  path: string,
  mounted: boolean,
): { readonly message: string; readonly remedy: string } | undefined {
  const { mode, uid, gid } = statSync(path);
  const shown = (mode & 0o777).toString(8).padStart(4, '0');
  const byOthers = (mode & 0o007) !== 0;
  const byGroup = (mode & 0o070) !== 0;
  if (!byOthers && !byGroup) return undefined;
  if (mode & 0o022)
    return {
      message: `The key file ${path} can be written by others (mode ${shown}).`,
      remedy: `Run: chmod 600 ${path}`,
    };
  if (byOthers) {
    if (mounted && isSecretMount(realpathSync(path), readFileSync('/proc/self/mountinfo', 'utf8'))) return undefined;
    return mounted
      ? {
          message: `The key file ${path} can be read by everybody (mode ${shown}) and does not lie on a mount of secrets: that is read-only or in memory (tmpfs).`,
          remedy: `Mount the secret read-only, or run: chmod 600 ${path}`,
        }
      : {
          message: `The key file ${path} can be read by everybody (mode ${shown}).`,
          remedy: `Run: chmod 600 ${path}. If it is the secret of a container, mounted read-only or in memory, set kek.mounted (FIRSTRING_KEK_MOUNTED=true).`,
        };
  }
  // Root's file, opened to the group of the service: as packages and configuration management lay it down.
  if (uid === 0 && (process.getgroups?.() ?? []).concat(process.getegid?.() ?? []).includes(gid)) return undefined;
  return {
    message: `The key file ${path} can be read by its group (mode ${shown}).`,
    remedy: `Run: chmod 600 ${path}, or give it to root and the group of this service: chown root:GROUP ${path} && chmod 640 ${path}`,
  };
}

/** `mounts`: /proc/self/mountinfo, see proc(5). */
export function isSecretMount(file: string, mounts: string): boolean {
  const found = mounts
    .split('\n')
    .map((line) => line.split(' '))
    .filter((fields) => fields.length > 9)
    .map((fields) => ({
      at: unescaped(fields[4]!),
      options: fields[5]!.split(','),
      type: fields[fields.indexOf('-') + 1],
    }))
    .filter(({ at }) => at !== '/' && (file === at || file.startsWith(`${at}/`)))
    .sort((one, other) => one.at.length - other.at.length)
    .at(-1);
  return found !== undefined && (found.options.includes('ro') || found.type === 'tmpfs');
}

const unescaped = (text: string) =>
  text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
