import { readFileSync } from 'node:fs';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What a file is expected to cost, in seconds: one that starts the program or a browser outweighs any that does not. */
function weight(file: string): number {
  const text = readFileSync(file, 'utf8');
  const count = (word: RegExp) => text.match(word)?.length ?? 0;
  return (
    count(/startAllInOne\(/g) * 6 +
    count(/runProgram\(|launchProgram\(|runPhone\(/g) * 2 +
    (text.includes('openStage') ? 10 + count(/\bit\(/g) * 3 : 0) +
    (text.includes('testDatabase') ? 3 : 0) +
    text.length / 10_000
  );
}

/** The longest files first, so that the workers end together. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const weights = new Map(files.map((file) => [file, weight(file.moduleId)]));
    return files.toSorted((a, b) => weights.get(b)! - weights.get(a)!);
  }
}
