/** What the operating system refused, and what to do, by its error code. `at`: the path or address, where it names one. */
const refusals: Readonly<Record<string, (at: string) => readonly [what: string, remedy: string]>> = {
  EROFS: (at) => [
    `${at} is on a file system that is mounted read-only`,
    'Choose a directory that can be written, with --data-dir.',
  ],
  EACCES: (at) => [
    `this account has no right to ${at}`,
    'Give the account the right to it, or run as the account that owns it.',
  ],
  EPERM: (at) => [`this account is not permitted to change ${at}`, 'Run as the account that owns it.'],
  ENOSPC: (at) => [`the disk is full: ${at} cannot be written`, 'Make room and start again.'],
  EDQUOT: (at) => [
    `the disk quota of this account is used up: ${at} cannot be written`,
    'Make room, or have the quota raised.',
  ],
  EIO: (at) => [`the disk fails at ${at}`, 'Look into the log of the operating system.'],
  EMFILE: (at) => [
    `this process may open no more files (${at})`,
    'Raise its limit: ulimit -n, or LimitNOFILE= of the service.',
  ],
  ENFILE: (at) => [`this machine can open no more files (${at})`, 'Raise fs.file-max, or end what holds so many open.'],
  ENOMEM: (at) => [`there is no memory left (${at})`, 'Give the machine or the container more memory.'],
  ENOENT: (at) => [`${at} does not exist`, 'Correct the path, or make it.'],
  ENOTDIR: (at) => [`a part of the path ${at} is a file, not a directory`, 'Correct the path.'],
  EISDIR: (at) => [`${at} is a directory, not a file`, 'Correct the path.'],
  EEXIST: (at) => [`${at} is there already`, 'Move it away, or choose another path.'],
  ELOOP: (at) => [`the symbolic links of ${at} go in a circle`, 'Correct them.'],
  ENAMETOOLONG: (at) => [`the path ${at} is too long`, 'Choose a shorter one.'],
  EADDRINUSE: (at) => [`${at} is in use by another program`, 'Choose another port or end that program.'],
  EADDRNOTAVAIL: (at) => [
    `${at} is not an address of this machine`,
    'Correct listen.address (FIRSTRING_LISTEN_ADDRESS).',
  ],
};

/** Two plain lines; undefined: it is no refusal of the operating system. */
export function systemWords(error: Error): string | undefined {
  const { code, path, dest, address, port, syscall, cause } = error as NodeJS.ErrnoException & {
    dest?: string;
    address?: string;
    port?: number;
  };
  const say = code === undefined || !Object.hasOwn(refusals, code) ? undefined : refusals[code];
  if (say === undefined) return cause instanceof Error ? systemWords(cause) : undefined;
  const at = address === undefined && port === undefined ? (dest ?? path) : `${address ?? 'port'} ${port ?? ''}`.trim();
  const [what, remedy] = say(at ?? syscall ?? 'what it needs');
  return `${what} (${code})\n${remedy}`;
}
