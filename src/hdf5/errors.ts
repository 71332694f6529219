/** One message of libhdf5's error stack, outermost call first. */
export interface Hdf5Frame {
  readonly function: string;
  readonly description: string;
  readonly major: string;
  readonly minor: string;
}

/** A failure of libhdf5, or of h5lib on its behalf. */
export class Hdf5Error extends Error {
  readonly tag = 'Hdf5Error';

  constructor(
    /** The call that failed, as libhdf5 names it: `H5Dcreate2`. */
    call: string,
    /** Path of the object within its file, or of the file; `path@name` for an attribute. */
    path: string,
    /** libhdf5's own messages, outermost first; the last one is nearest to the cause. */
    frames: readonly Hdf5Frame[],
  ) {
    const cause = frames.at(-1)?.description;
    super(`${call} failed for ${path}${cause ? `: ${cause}` : ''}`);
    this.name = 'Hdf5Error';
    this.call = call;
    this.path = path;
    this.frames = frames;
  }

  readonly call: string;
  readonly path: string;
  readonly frames: readonly Hdf5Frame[];
}
