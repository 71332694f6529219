/**
 * The journal of a conversion, from which it is taken up again.
 *
 *     const journal = Journal.claim('session.nwb.journal');
 *     journal.begin(header);
 *     const recorder = new Recorder(journal, partial, 'process');
 *     recorder.slab(0, { start, count }, { placements, checksums });
 *     const recorded = Recorded.of(journal, header.datasets.length);
 */

export {
  joinChunks,
  type NumberedChunks,
  selectChunks,
} from '../../coordinator/numbered-chunks.js';
export { writeError } from '../../hdf5/write-error.js';
export { Journal } from './journal.js';
export { Recorded, RecordedChunks } from './recorded.js';
export { type CommittedChunk, type RecordedWrite, Recorder } from './recorder.js';
export {
  type Durability,
  FORMAT,
  type Header,
  type RecordedData,
  type RecordedDataset,
} from './records.js';
