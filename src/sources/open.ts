import { concatenate } from './concat.js';
import { expandSource } from './expand.js';
import { openModule } from './module.js';
import { openNpy } from './npy.js';
import { openParts } from './parts.js';
import { openRaw } from './raw.js';
import type { SourceSpec } from './schema.js';
import { stackChannels } from './stack.js';
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

async function openExpanded(spec: SourceSpec): Promise<SourceReader> {
  switch (spec.type) {
    case 'raw':
      return openRaw(spec);
    case 'npy':
      return openNpy(spec);
    case 'module':
      return openModule(spec);
    case 'concat':
      return openParts(spec.sources ?? [], openExpanded, concatenate);
    case 'stack':
      return openParts(spec.sources ?? [], openExpanded, stackChannels);
  }
}
