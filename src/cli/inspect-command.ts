import { formatBytes, type Inspected, type InspectedGroup, inspect } from '../index.js';
import { EXIT } from './exit-codes.js';
import { requireFile } from './files.js';
import type { OutputFlags } from './flags.js';
import { formatFilters, formatShape, formatShare } from './format.js';
import { print, printJson } from './output.js';

/** `hyperslab inspect FILE` */
export async function inspectCommand(path: string, flags: OutputFlags): Promise<number> {
  const size = requireFile(path);
  const root = inspect(path);
  if (flags.json) printJson(root);
  else print([`${path} (${formatBytes(size)})`, ...treeLines(root)].join('\n'));
  return EXIT.ok;
}

/** The tree of a group, drawn as `tree` draws folders. */
export function treeLines(root: InspectedGroup): string[] {
  return [`/${typeText(root)}`, ...childLines(root, '')];
}

function childLines({ children }: InspectedGroup, indent: string): string[] {
  return children.flatMap((child, at) => {
    const last = at === children.length - 1;
    const line = `${indent}${last ? '└── ' : '├── '}${nodeText(child)}`;
    if (child.kind !== 'group') return [line];
    return [line, ...childLines(child, `${indent}${last ? '    ' : '│   '}`)];
  });
}

function nodeText(node: Inspected): string {
  const name = node.path.slice(node.path.lastIndexOf('/') + 1);
  if (node.kind === 'link') return `${name} -> ${node.target ?? '(another file)'}`;
  if (node.kind === 'group') return `${name}${typeText(node)}`;
  if (node.kind === 'other') return `${name}${typeText(node)}: a named data type`;
  const { dtype, shape, maxshape, chunks, filters, rawBytes, storedBytes, layout } = node;
  const parts = [`${name}${typeText(node)}: ${dtype} ${formatShape(shape)}`];
  if (String(maxshape) !== String(shape)) parts.push(`maxshape ${formatShape(maxshape)}`);
  if (chunks) {
    parts.push(`chunks ${formatShape(chunks)}`, `filters ${formatFilters(filters)}`);
    const share = formatShare(storedBytes, rawBytes);
    parts.push(`${formatBytes(rawBytes)} -> ${formatBytes(storedBytes)} (${share})`);
  } else if (layout !== 'contiguous') parts.push(layout);
  return parts.join(', ');
}

function typeText({ neurodataType }: { readonly neurodataType?: string }): string {
  return neurodataType === undefined ? '' : ` <${neurodataType}>`;
}
