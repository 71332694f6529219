import type { FormatBound } from '../../layout/index.js';
import type { BulkOutline, GroupNode, Node } from '../../nwb/index.js';
import { isSourced, type PlannedDataset, type Prepared } from '../../plan/index.js';
import { version } from '../../version.js';
import type { Recorded } from './recorded.js';
import { FORMAT, type Header, type RecordedDataset } from './records.js';

/** Makes the header of a new journal: what is needed to resume the conversion without its description. */
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
    tree: withoutData(tree),
    datasets: datasets.map(recordedDataset),
  };
}

/**
 * The header with updated times of source files: of files whose time changed, but that an earlier resume found to hold
 * the same data.
 */
export function knownHeader(header: Header, { datasets }: Recorded): Header {
  return {
    ...header,
    datasets: header.datasets.map(({ spec, data }, at) => {
      const { files } = datasets[at];
      return { spec, data: data.kind === 'source' && files ? { ...data, files } : data };
    }),
  };
}

function recordedDataset(dataset: PlannedDataset): RecordedDataset {
  const { spec } = dataset;
  if (!isSourced(dataset)) return { spec, data: { kind: 'stream' } };
  const { source, info } = dataset.data;
  return { spec, data: { kind: 'source', source, files: info.files } };
}

/** A tree without its bulk data, which may be functions, arrays or iterators. Datasets are recorded beside it. */
function withoutData({ kind, attributes, children }: GroupNode): GroupNode<BulkOutline> {
  const outlined = Object.entries(children).map(([name, child]) => [name, outline(child)] as const);
  return { kind, attributes, children: Object.fromEntries(outlined) };
}

function outline(node: Node): Node<BulkOutline> {
  if (node.kind === 'group') return withoutData(node);
  if (node.kind !== 'bulk') return node;
  const { data: _, ...known } = node;
  return known;
}
