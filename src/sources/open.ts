import { expandSource } from './expand.js';
import type { ConcatSpec, SourceSpec, StackSpec } from './schema.js';
import type { SourceReader } from './types.js';

/**
 * Opens a source and learns its dtype and shape; no data is read.
 *
 * @param spec as checked by `sourceSchema`, its paths absolute
 * @throws SourceError when files are missing or do not fit the description
 */
export async function openSource(spec: SourceSpec): Promise<SourceReader> {
  return openExpanded(expandSource(spec));
}

/** Each kind is loaded when it is needed: every worker thread loads its own. */
async function openExpanded(spec: SourceSpec): Promise<SourceReader> {
  switch (spec.type) {
    case 'raw':
      return (await import('./formats/raw.js')).openRaw(spec);
    case 'npy':
      return (await import('./formats/npy.js')).openNpy(spec);
    case 'module':
      return (await import('./formats/module.js')).openModule(spec);
    case 'concat':
    case 'stack':
      return openAll(spec);
  }
}

async function openAll({ type, sources = [] }: ConcatSpec | StackSpec): Promise<SourceReader> {
  const { openParts } = await import('./combine/parts.js');
  const combine =
    type === 'concat'
      ? (await import('./combine/concat.js')).concatenate
      : (await import('./combine/stack.js')).stackChannels;
  return openParts(sources, openExpanded, combine);
}
