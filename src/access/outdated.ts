import { dropChecksums, listChecksums } from '../coordinator/engine.js';
import type { Dataset, File } from '../hdf5/index.js';

/**
 * Takes the checksums of a dataset back, which hold no longer once it is changed. By its identity, since
 * links may give it several paths.
 */
export function dropOutdated(file: File, dataset: Dataset): void {
  for (const path of listChecksums(file)) {
    if (!file.has(path)) continue;
    using other = file.open(path);
    if (other.identity === dataset.identity) dropChecksums(file, path);
  }
}
