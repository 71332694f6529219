/** A file that is open for writing. */
interface Closable {
  readonly path: string;
  close(): Promise<void>;
}

const open = new Set<Closable>();

/** Makes sure that a file which a program forgets to close is closed when it has nothing more to do. */
export function rememberOpen(file: Closable): void {
  if (open.size === 0) process.on('beforeExit', closeForgotten);
  open.add(file);
}

export function forgetOpen(file: Closable): void {
  open.delete(file);
  if (open.size === 0) process.off('beforeExit', closeForgotten);
}

function closeForgotten(): void {
  for (const file of open) {
    const advice = 'await its close(), which also tells of errors';
    process.emitWarning(
      `${file.path} was not closed by the program: ${advice}`,
      'HyperslabWarning',
    );
    // What fails is an unhandled rejection: nobody else is left to be told.
    void file.close();
  }
}
