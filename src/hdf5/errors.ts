import { HyperslabError } from '../hyperslab-error.js';

/** One message of libhdf5's error stack, outermost call first. */
export interface Hdf5Frame {
  readonly function: string;
  readonly description: string;
  readonly major: string;
  readonly minor: string;
}

export interface Hdf5ErrorFields {
  /** The call that failed, as libhdf5 names it: `H5Dcreate2`. */
  readonly call: string;
  /** Path of the object within its file, or of the file; `path@name` for an attribute. */
  readonly path: string;
  /** libhdf5's own messages, outermost first; the last one is nearest to the cause. */
  readonly frames: readonly Hdf5Frame[];
  /** The file that the object is in, where it is known. */
  readonly file?: string;
  /** Version of the libhdf5 that the frames are from. */
  readonly library?: string;
}

/** A failure of libhdf5, or of h5lib on its behalf. */
export class Hdf5Error extends HyperslabError<'Hdf5Error', Hdf5ErrorFields> {
  constructor(fields: Hdf5ErrorFields, options?: ErrorOptions) {
    const { call, path, file } = fields;
    const reason = reasonOf(fields);
    const object = file === undefined ? path : `${path} of ${file}`;
    super('Hdf5Error', `${call} failed for ${object}${reason && `: ${reason}`}`, fields, options);
  }

  /** What is nearest to the cause, in words; may be empty. */
  get reason(): string {
    return reasonOf(this.fields);
  }

  /** Whether it failed since an external link leads out of the file. */
  get leadsOutside(): boolean {
    return this.fields.frames.at(-1)?.function === 'external_link';
  }
}

/** Makes the error for the addon, which passes the fields one by one and calls this with `new`. */
export function hdf5ErrorOf(
  call: string,
  path: string,
  frames: readonly Hdf5Frame[],
  file?: string,
  library?: string,
): Hdf5Error {
  return new Hdf5Error({
    call,
    path,
    frames,
    ...(file !== undefined && { file }),
    ...(library !== undefined && { library }),
  });
}

/** What libhdf5 says of a version, a class or a message that it does not know. */
const UNKNOWN_TO_LIBRARY =
  /(bad|wrong|incorrect|unknown) .*\bversion\b|unknown datatype class|unknown message with 'fail if unknown'/i;

function reasonOf({ frames, library }: Hdf5ErrorFields): string {
  const cause = frames.at(-1)?.description ?? '';
  if (library === undefined || !UNKNOWN_TO_LIBRARY.test(cause)) return cause;
  return `the file was written by an HDF5 newer than libhdf5 ${library}, which hyperslab uses, or it is damaged (${cause}); write it in h5py with libver=('earliest', 'v110'), or convert the file with \`h5repack --high=2\``;
}
