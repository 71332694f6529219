import type { Value } from '../hdf5/index.js';
import { type FormatBound, isDType, itemSize, LayoutError } from '../layout/index.js';
import { type GroupNode, nodes } from '../nwb/index.js';
import { surface } from '../surface.js';

/** Most bytes of a message in an object header. With format `earliest`, each attribute is one message. */
const MAX_BYTES = 65_535;

const ELECTRODES = '/general/extracellular_ephys/electrodes';

/**
 * Refuses attributes that libhdf5 could not write.
 *
 * @throws LayoutError if an attribute is too large for the format
 */
export function checkAttributes(tree: GroupNode, libver: FormatBound): void {
  // Newer formats store large attributes outside the object header.
  if (libver !== 'earliest') return;
  for (const [path, node] of nodes(tree)) {
    if (node.kind === 'link') continue;
    for (const [name, value] of Object.entries(node.attributes)) {
      const bytes = messageBytes(name, value);
      if (bytes <= MAX_BYTES) continue;
      const error = new LayoutError({
        name: `${path}@${name}`,
        expected: `an attribute of at most ${MAX_BYTES} bytes with libver 'earliest'`,
        received: `one of ${bytes} bytes (${value.data.length} items)`,
        hint: `use ${surface().setting('libver', 'v110')}, or fewer items`,
      });
      // The only attribute that a description makes long: the names of the columns.
      if (path === ELECTRODES) error.place = 'electrodes';
      throw error;
    }
  }
}

/**
 * Bytes of an attribute's message, whose parts are padded to multiples of 8 bytes. Source: section
 * IV.A.2.m of the HDF5 File Format Specification, version 1 of the message.
 */
function messageBytes(name: string, { dtype, shape, data }: Value): number {
  const nameBytes = 8 * Math.ceil((Buffer.byteLength(name) + 1) / 8);
  // Each axis takes 8 bytes for its length and 8 for its largest length.
  const dataspaceBytes = 8 + 16 * shape.length;
  return 8 + nameBytes + typeBytes(dtype) + dataspaceBytes + data.length * storedSize(dtype);
}

function typeBytes(dtype: Value['dtype']): number {
  if (dtype === 'reference') return 8;
  return dtype.startsWith('float') ? 24 : 16;
}

/** Bytes of an item in the header, which holds length and address of a text, and the address of a reference. */
function storedSize(dtype: Value['dtype']): number {
  if (dtype === 'string') return 16;
  if (dtype === 'reference') return 8;
  return isDType(dtype) ? itemSize(dtype) : 1;
}
