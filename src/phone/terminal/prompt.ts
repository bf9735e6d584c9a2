import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { remedyOf } from '../boot/faults.ts';
import type { AskCode } from '../phone-options.ts';

/** The keypad: asks on a terminal, otherwise takes line after line until the input ends. */
export function keypad(
  input: Readable & { readonly isTTY?: boolean },
  output: Writable,
): { ask: AskCode; close(): void } {
  let lines: Interface | undefined;
  let iterator: AsyncIterator<string> | undefined;
  return {
    async ask(problem, signal, where) {
      lines ??= createInterface({ input, terminal: false });
      iterator ??= lines[Symbol.asyncIterator]();
      if (input.isTTY === true) {
        if (problem !== undefined) output.write(`${remedyOf(problem.code)}\n`);
        output.write(where === 'welcome' ? 'Activation code or service domain: ' : 'Activation code: ');
      }
      const next = iterator.next();
      const aborted = new Promise<{ done: true; value: undefined }>((resolve) => {
        signal.addEventListener('abort', () => resolve({ done: true, value: undefined }), { once: true });
      });
      const { done, value } = await Promise.race([next, aborted]);
      return done === true ? undefined : value;
    },
    close() {
      lines?.close();
    },
  };
}

/** A code that was given beforehand: typed once. */
export function typedOnce(code: string | undefined): AskCode {
  let left = code;
  return async () => {
    const text = left;
    left = undefined;
    return text;
  };
}
