import { expandSource } from './expand.js';
import type { ReadableSpec, ScaledSpec } from './scaling.js';
import type { ConcatSpec, StackSpec } from './spec.js';
import type { SourceReader } from './types.js';

/**
 * Opens a source and determines its dtype and shape, without reading data.
 *
 * @param spec checked by `sourceSchema`, with absolute paths
 * @throws SourceError if files are missing or do not match the description
 */
export async function openSource(spec: ReadableSpec): Promise<SourceReader> {
  return openExpanded(expandSource(spec));
}

/** Loads the code of a source type on first use, because every worker thread loads its own copy. */
async function openExpanded(spec: ReadableSpec): Promise<SourceReader> {
  switch (spec.type) {
    case 'raw':
      return (await import('./formats/raw.js')).openRaw(spec);
    case 'npy':
      return (await import('./formats/npy.js')).openNpy(spec);
    case 'csv':
      return (await import('./formats/csv/csv.js')).openCsv(spec);
    case 'module':
      return (await import('./formats/module.js')).openModule(spec);
    case 'concat':
    case 'stack':
      return openAll(spec);
    case 'scaled':
      return openScaled(spec);
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

async function openScaled(spec: ScaledSpec): Promise<SourceReader> {
  const { scaleValues } = await import('./combine/scale.js');
  const source = await openExpanded(spec.source);
  try {
    return scaleValues(source, spec);
  } catch (error) {
    await source.close();
    throw error;
  }
}
