import type { BulkData } from '../../description/index.js';
import type { FormatBound } from '../../layout/index.js';
import type { GroupNode, Node } from '../../nwb/index.js';
import type { LaidOut } from '../../plan/new-dataset.js';
import type { Prepared } from '../../plan/prepare.js';
import { isSourced, type PreparedDataset } from '../../plan/work.js';
import { version } from '../../version.js';
import { FORMAT, type Header, type Recorded, type RecordedDataset } from './index.js';

/** What a journal has to say of a conversion, so that it can be taken up without its description. */
export function makeHeader(
  { tree, datasets }: Pick<Prepared, 'tree' | 'datasets'>,
  { libver, overwrite }: { readonly libver: FormatBound; readonly overwrite: boolean },
): Header {
  return {
    kind: 'header',
    format: FORMAT,
    version,
    created: new Date().toISOString(),
    libver,
    overwrite,
    tree: withoutData(tree) as GroupNode,
    datasets: datasets.map(recordedDataset),
  };
}

/** What is known of a conversion by now: sources that were found to hold the same as before may be other files. */
export function knownHeader(header: Header, { datasets }: Recorded): Header {
  return {
    ...header,
    datasets: header.datasets.map(({ laidOut, data }, at) => {
      const files = datasets[at].files;
      return { laidOut, data: data.kind === 'source' && files ? { ...data, files } : data };
    }),
  };
}

function recordedDataset(dataset: PreparedDataset): RecordedDataset {
  return {
    laidOut: laidOutOf(dataset),
    data: isSourced(dataset)
      ? { kind: 'source', source: dataset.source, files: dataset.info.files }
      : { kind: 'blocks' },
  };
}

/** Without what else is known of its data. */
function laidOutOf(dataset: PreparedDataset): LaidOut {
  const { path, dtype, shape, maxshape, fillvalue, index, layout } = dataset;
  const { chunkCount, rawBytes, bigEndian, isNew } = dataset;
  return {
    path,
    dtype,
    shape,
    maxshape,
    fillvalue,
    ...(index && { index }),
    layout,
    chunkCount,
    rawBytes,
    bigEndian,
    isNew,
  };
}

/** Bulk data are recorded with their datasets, and may be functions, arrays or iterators. */
const ELSEWHERE = {} as BulkData;

function withoutData(node: Node): Node {
  if (node.kind === 'bulk') return { ...node, data: ELSEWHERE };
  if (node.kind !== 'group') return node;
  const children = Object.entries(node.children).map(
    ([name, child]) => [name, withoutData(child)] as const,
  );
  return { ...node, children: Object.fromEntries(children) };
}
