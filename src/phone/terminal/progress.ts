/** A one-line bar on a terminal; nothing elsewhere. */
export class ProgressBar {
  readonly #stream: NodeJS.WriteStream;
  readonly #total: number;
  #registered = 0;
  #failed = 0;

  constructor(stream: NodeJS.WriteStream, total: number) {
    this.#stream = stream;
    this.#total = total;
    this.#draw();
  }

  note(registered: boolean): void {
    if (registered) this.#registered += 1;
    else this.#failed += 1;
    this.#draw();
  }

  end(): void {
    if (this.#stream.isTTY) this.#stream.write('\r\u001b[K');
  }

  #draw(): void {
    if (!this.#stream.isTTY) return;
    const done = this.#registered + this.#failed;
    const width = 30;
    const filled = Math.round((done / this.#total) * width);
    const failed = this.#failed === 0 ? '' : `, ${this.#failed} failed`;
    const bar = `${'█'.repeat(filled)}${'░'.repeat(width - filled)}`;
    this.#stream.write(`\r\u001b[K${bar} ${done}/${this.#total} phones${failed}`);
  }
}
