// Builds the console into dist/web when what it is made of changed since the last time; else does nothing. Quiet unless it fails.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root, whenChanged } from './when-changed.mjs';

await whenChanged(
  {
    stamp: 'dist/web.sha256',
    result: 'dist/web/index.html',
    folders: ['src/web', 'src/contract', 'src/identifiers', 'src/kernel', 'src/texts'],
    files: ['vite.config.ts', 'package-lock.json'],
  },
  () => {
    const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
    if (!existsSync(vite)) {
      process.stderr.write(
        'firstring: the console is not built for this version, and vite, which builds it, is left out here (--omit=dev or NODE_ENV=production).\n' +
          '  Run `npm ci --include=dev --ignore-scripts` and `npm run build` once, or bring the folder dist of such an installation along.\n',
      );
      process.exit(1);
    }
    process.stderr.write('firstring: building the console (only when it changed) …\n');
    const built = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
      cwd: root,
      // Whatever the caller's own mode is: the parts of React that are for developing stay out.
      env: { ...process.env, NODE_ENV: 'production' },
      stdio: ['ignore', 2, 2],
    });
    if (built.status !== 0) {
      process.stderr.write('firstring: the console could not be built, its messages are above\n');
      process.exit(1);
    }
  },
);
