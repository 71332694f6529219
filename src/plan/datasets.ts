import type { Grid } from '../layout/index.js';
import type { ReadableSpec, SourceInfo } from '../sources/index.js';
import type { AbstractDataChunkIterator, NdArray } from '../streams/index.js';
import type { DatasetSpec } from './dataset-spec.js';
import type { Probed, ProbedSource } from './probe.js';

/** A dataset whose data were opened to learn their type and shape; how they are written is not planned yet. */
export interface ProbedDataset {
  readonly spec: DatasetSpec;
  /** `written` if the file already holds all the data that will ever come. */
  readonly probed: Probed | { readonly kind: 'written' };
}

/** A bulk dataset and where its data come from. This record travels whole from the plan to the journal. */
export interface PlannedDataset<Data extends DatasetData = DatasetData> {
  readonly spec: DatasetSpec;
  readonly data: Data;
}

export type DatasetData = SourceData | StreamData | DirectData | WrittenData;

/** Workers read the data from a source, job by job. */
export interface SourceData {
  readonly kind: 'source';
  /** Glob patterns are replaced by the files that they matched, so that workers read the same files. */
  readonly source: ReadableSpec;
  readonly info: SourceInfo;
  readonly jobs: Grid;
  readonly jobCount: number;
  /** Bytes that a worker holds at most during one job. */
  readonly jobBytes: number;
}

/** The program hands over the data, piece by piece. */
export interface StreamData {
  readonly kind: 'stream';
  readonly blocks: NdArray | AbstractDataChunkIterator;
}

/** The coordinator reads a source block by block, because libhdf5 writes datasets that are not chunked. */
export interface DirectData {
  readonly kind: 'direct';
  readonly probed: ProbedSource;
  /** Divides the shape of the source into the blocks that are read. */
  readonly blocks: Grid;
}

/** The data are already in the file. */
export interface WrittenData {
  readonly kind: 'written';
}

/** Whether workers read the data from a source. */
export function isSourced(dataset: PlannedDataset): dataset is PlannedDataset<SourceData> {
  return dataset.data.kind === 'source';
}

/** Whether the program hands over the data. */
export function isStreamed(dataset: PlannedDataset): dataset is PlannedDataset<StreamData> {
  return dataset.data.kind === 'stream';
}

/** Whether the coordinator reads the data from a source. */
export function isDirect(dataset: PlannedDataset): dataset is PlannedDataset<DirectData> {
  return dataset.data.kind === 'direct';
}

/** Whether the data pass through the coordinator: they are streamed or direct. */
export function isFed(
  dataset: PlannedDataset,
): dataset is PlannedDataset<StreamData> | PlannedDataset<DirectData> {
  return isStreamed(dataset) || isDirect(dataset);
}

/** Whether the data are already in the file. */
export function isWritten(dataset: PlannedDataset): dataset is PlannedDataset<WrittenData> {
  return dataset.data.kind === 'written';
}
