/** Makes one directory, as mkdir of the operating system does: rejects with code ENOENT when the one above it is missing, EEXIST when it is there. */
export type MakeOne = (path: string) => Promise<unknown>;

/**
 * Makes a directory and what is missing above it; true when it was not there. Each level is tried twice at most: file systems as /proc answer
 * ENOENT below a directory that is there, and `mkdir` of Node.js with `recursive` asks them again for ever.
 */
export async function makeWithParents(
  path: string,
  makeOne: MakeOne,
  parentOf: (path: string) => string,
): Promise<boolean> {
  const made = () =>
    makeOne(path).then(
      () => true,
      (error: unknown) => {
        if (codeOf(error) === 'EEXIST') return false;
        throw error;
      },
    );
  try {
    return await made();
  } catch (error) {
    const parent = parentOf(path);
    if (codeOf(error) !== 'ENOENT' || parent === path) throw error;
    await makeWithParents(parent, makeOne, parentOf);
    return made();
  }
}

const codeOf = (error: unknown) => (error as { readonly code?: unknown } | null | undefined)?.code;
