import { within } from '../../hyperslab-error.js';
import { itemSize } from '../../layout/dtype.js';
import { product } from '../../layout/hyperslab.js';
import { plural } from '../../wording.js';
import { SourceError } from '../errors.js';
import { openArrayFile } from '../reading/array-file.js';
import { openPositional, statFile } from '../reading/positional-read.js';
import type { NpySpec } from '../spec.js';
import type { SourceReader } from '../types.js';
import { readNpyHeader } from './npy-header.js';
import { selectColumns } from './raw.js';

/**
 * Opens an array saved by `numpy.save`. Booleans are read as uint8.
 *
 * @throws SourceError if the file is not a .npy file, its items are neither numbers nor booleans, or its size does
 * not match the header
 */
export function openNpy(spec: NpySpec): SourceReader {
  const { path } = spec;
  const file = within('path', () => statFile(path));
  const opened = openPositional(path);
  try {
    const header = readNpyHeader(opened, path, file.size);
    const { shape, dtype, offset } = header;
    const expected = product(shape) * itemSize(dtype);
    const received = file.size - offset;
    if (received !== expected) {
      throw new SourceError({
        path,
        expected: `${plural(expected, 'byte')} ([${shape.join(', ')}] ${dtype}) after the header`,
        received: plural(received, 'byte'),
      });
    }
    const columns = within('columns', () => selectColumns(spec.columns, shape, path));
    return openArrayFile({ file, ...header, columns });
  } finally {
    opened.close();
  }
}
