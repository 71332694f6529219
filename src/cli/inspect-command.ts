import {
  formatBytes,
  type Inspected,
  type InspectedDataset,
  type InspectedGroup,
  inspect,
} from '../index.js';
import { EXIT } from './exit-codes.js';
import { requireHdf5 } from './files.js';
import type { OutputFlags } from './flags.js';
import { formatFilters, formatShape, formatShare } from './format.js';
import { print, printJson } from './output.js';
import { printable } from './printable.js';
import { command } from './shell.js';

/** Sources of a virtual dataset that are named; it may have thousands. */
const NAMED_SOURCES = 3;

/** `hyperslab inspect FILE` */
export async function inspectCommand(
  path: string,
  flags: OutputFlags,
  withTypes: boolean,
): Promise<number> {
  const plan = command('plan', path);
  const size = requireHdf5(path, `${plan} shows what it describes`);
  const root = inspect(path, { neurodataTypes: withTypes });
  if (flags.json) printJson(root);
  else print([`${printable(path)} (${formatBytes(size)})`, ...treeLines(root)].join('\n'));
  return EXIT.ok;
}

/** The tree of a group, drawn like the output of `tree`, one line per object. */
export function treeLines(root: InspectedGroup): string[] {
  const lines = [printable(nodeText(root, '/'))];
  // Without recursion, because groups may be nested deeper than the stack allows.
  const levels = [{ nodes: root.children, at: 0, indent: '' }];
  for (let level = levels.at(-1); level; level = levels.at(-1)) {
    const { nodes, indent } = level;
    const node = nodes[level.at++];
    if (!node) {
      levels.pop();
      continue;
    }
    const isLast = level.at === nodes.length;
    const name = node.path.slice(node.path.lastIndexOf('/') + 1);
    lines.push(`${indent}${isLast ? '└── ' : '├── '}${printable(nodeText(node, name))}`);
    if (node.kind === 'group')
      levels.push({ nodes: node.children, at: 0, indent: `${indent}${isLast ? '    ' : '│   '}` });
  }
  return lines;
}

function nodeText(node: Inspected, name: string): string {
  switch (node.kind) {
    case 'link':
      return `${name} -> ${linkText(node)}`;
    case 'unreadable':
      return `${name}: can't be read: ${node.problem}`;
    case 'group':
      return `${name}${typeText(node)}${node.problem ? `: can't be listed: ${node.problem}` : ''}`;
    case 'other':
      return `${name}${typeText(node)}: a named data type`;
    default:
      return `${name}${typeText(node)}: ${datasetText(node)}`;
  }
}

function linkText({ target, file }: { readonly target?: string; readonly file?: string }): string {
  if (file !== undefined) return `${target} of ${file} (another file)`;
  return target ?? '(another file)';
}

function datasetText(dataset: InspectedDataset): string {
  const { dtype, shape, maxshape, chunks, filters, rawBytes, storedBytes, layout } = dataset;
  const { externalFiles, virtualSources } = dataset;
  const parts = [`${dtype} ${formatShape(shape)}`];
  if (String(maxshape) !== String(shape)) parts.push(`maxshape ${formatShape(maxshape)}`);
  if (chunks) {
    parts.push(`chunks ${formatShape(chunks)}`, `filters ${formatFilters(filters)}`);
    const raw = Number(rawBytes);
    const share = formatShare(storedBytes, raw);
    parts.push(`${formatBytes(raw)} -> ${formatBytes(storedBytes)} (${share})`);
  } else if (layout !== 'contiguous') parts.push(layout);
  if (externalFiles) parts.push(`values in another file, ${externalFiles.join(', ')}`);
  if (virtualSources) parts.push(sourcesText(virtualSources));
  return parts.join(', ');
}

function sourcesText(parts: readonly { readonly file: string; readonly path: string }[]): string {
  const sources = [...new Set(parts.map(({ file, path }) => `${path} of ${file}`))];
  const more = sources.length - NAMED_SOURCES;
  const named = sources.slice(0, NAMED_SOURCES).join(', ');
  return `of ${sources.length > 0 ? named : 'nothing'}${more > 0 ? ` and ${more} more` : ''}`;
}

function typeText({ neurodataType }: { readonly neurodataType?: string }): string {
  return neurodataType === undefined ? '' : ` <${neurodataType}>`;
}
