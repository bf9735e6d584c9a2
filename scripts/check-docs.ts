import { fileURLToPath } from 'node:url';
import { documentProblems, documentsOf } from './documents/problems.ts';

/**
 * Prose that can rot: every path of the tree, every function that is named with its file, and every relative link must exist.
 * Usage: node scripts/check-docs.ts
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const documents = documentsOf(root);
const problems = documents.flatMap((file) => documentProblems(root, file));

for (const problem of problems) process.stderr.write(`${problem}\n`);
if (problems.length > 0) process.exitCode = 1;
else process.stdout.write(`documents: ${documents.length} read, every path, function and link in them exists\n`);
