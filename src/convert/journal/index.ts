/**
 * The journal of a conversion, from which it is resumed.
 *
 *     const journal = Journal.claim('session.nwb.journal');
 *     journal.begin(header);
 *     const recorder = new Recorder(journal, partial, 'process');
 *     recorder.slab(0, { start, count }, { placements, checksums });
 *     const recorded = Recorded.of(journal, header.datasets.length);
 */
export { knownHeader, makeHeader } from './header.js';
export { Journal } from './journal.js';
export { Recorded } from './recorded.js';
export { Recorder } from './recorder.js';
export { FORMAT, type Header, type RecordedData, type RecordedDataset } from './records.js';
