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

  /**
   * @param file that the object is in, where it is known
   * @param library version of the libhdf5 that the frames are from
   */
  constructor(
    /** The call that failed, as libhdf5 names it: `H5Dcreate2`. */
    call: string,
    /** Path of the object within its file, or of the file; `path@name` for an attribute. */
    path: string,
    /** libhdf5's own messages, outermost first; the last one is nearest to the cause. */
    frames: readonly Hdf5Frame[],
    file?: string,
    library?: string,
  ) {
    const reason = reasonOf(frames, library);
    const object = file === undefined ? path : `${path} of ${file}`;
    super(`${call} failed for ${object}${reason && `: ${reason}`}`);
    this.name = 'Hdf5Error';
    this.call = call;
    this.path = path;
    this.frames = frames;
    this.reason = reason;
  }

  readonly call: string;
  readonly path: string;
  readonly frames: readonly Hdf5Frame[];
  /** What is nearest to the cause, in words; may be empty. */
  readonly reason: string;

  /** Whether it failed since an external link leads out of the file. */
  get leadsOutside(): boolean {
    return this.frames.at(-1)?.function === 'external_link';
  }
}

/** What libhdf5 says of a version, a class or a message that it does not know. */
const UNKNOWN_TO_LIBRARY =
  /(bad|wrong|incorrect|unknown) .*\bversion\b|unknown datatype class|unknown message with 'fail if unknown'/i;

function reasonOf(frames: readonly Hdf5Frame[], library: string | undefined): string {
  const cause = frames.at(-1)?.description ?? '';
  if (library === undefined || !UNKNOWN_TO_LIBRARY.test(cause)) return cause;
  return `it was written by a newer HDF5 than libhdf5 ${library}, which is used here, or it is damaged (${cause}); write it in h5py with libver=('earliest', 'v110'), or convert the file with \`h5repack --high=2\``;
}
