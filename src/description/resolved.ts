/**
 * Descriptions after their check: defaults are set, and what may be written in several ways has one form.
 * Declared by hand, so that the declarations of the package do not refer to the library of the schemas.
 */
import type { ChunkStrategy, DType } from '../layout/index.js';
import type { ScalingSpec, SourceSpec } from '../sources/index.js';
import type { AbstractDataChunkIterator, NdArray } from '../streams/index.js';
import type { ElectrodeRow } from './electrodes.js';
import type { NumberArray } from './inline.js';
import type {
  Description,
  DeviceDescription,
  ElectricalSeriesDescription,
  ElectrodeGroupDescription,
  ElectrodesCsv,
  NwbFileDescription,
  SubjectDescription,
  TimeSeriesDescription,
} from './types.js';

export type ResolvedDevice = DeviceDescription;
export type ResolvedElectrodeGroup = ElectrodeGroupDescription;

/** The weight has its unit. */
export interface ResolvedSubject extends Omit<SubjectDescription, 'weight'> {
  weight?: string | undefined;
}

/** Single texts are lists of one. */
export interface ResolvedNwbFile
  extends Omit<
    NwbFileDescription,
    'experimenter' | 'keywords' | 'relatedPublications' | 'subject'
  > {
  experimenter?: string[] | undefined;
  keywords?: string[] | undefined;
  relatedPublications?: string[] | undefined;
  subject?: ResolvedSubject | undefined;
}

/** How a dataset is stored. All options have a value, except for those whose default depends on the shape. */
export interface Storage {
  chunks: 'auto' | ChunkStrategy | (number | null)[];
  /** In bytes. */
  chunkTarget?: number | undefined;
  compression: 'gzip' | null;
  compressionOpts: number;
  shuffle: boolean;
  fletcher32: boolean;
  fillvalue?: number | undefined;
  maxshape?: (number | null)[] | undefined;
  skipFill: boolean;
}

/** A checked bulk dataset. Only timestamps are scaled. */
export type BulkData =
  | (Storage & ScalingSpec & { source: SourceSpec })
  | (Storage & { data: NdArray | AbstractDataChunkIterator });

/** Values in the description itself. */
export interface InlineData {
  values: NumberArray;
  dtype: DType;
}

interface ResolvedValues {
  data: BulkData | InlineData;
  timestamps?: BulkData | number[] | undefined;
  conversion: number;
  offset: number;
  resolution: number;
}

type ResolvedTimeSeries = Omit<TimeSeriesDescription, keyof ResolvedValues> & ResolvedValues;
type ResolvedElectricalSeries = Omit<ElectricalSeriesDescription, keyof ResolvedValues> &
  ResolvedValues;

export type ResolvedSeries = ResolvedTimeSeries | ResolvedElectricalSeries;

/** A description after parsing: each field is checked by itself, and defaults are set. */
export interface ParsedDescription
  extends Pick<Description, 'path' | 'electrodes' | 'specifications'> {
  nwbfile: ResolvedNwbFile;
  devices: ResolvedDevice[];
  electrodeGroups: ResolvedElectrodeGroup[];
  electrodeColumns: Record<string, string>;
  acquisition: ResolvedSeries[];
}

/**
 * A description checked as a whole. Electrodes are rows, or a CSV file that is not loaded yet. It is
 * itself a valid {@link Description}.
 */
export interface ResolvedDescription extends Omit<ParsedDescription, 'electrodes'> {
  electrodes?: readonly ElectrodeRow[] | ElectrodesCsv | undefined;
}

/** The datasets to fill, and checked data for each. */
export interface ResolvedFill {
  path: string;
  datasets: Record<string, SourceSpec | NdArray | AbstractDataChunkIterator>;
}
