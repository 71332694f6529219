import { beforeAll, expect, test } from 'vitest';
import { type ConversionReport, convert, type Description } from '../../src/index.js';
import type { DType } from '../../src/layout/index.js';
import { describeInterop, python } from '../support/python.js';
import { makeMosaic } from './mosaic.js';
import { temporaryFolder } from './session.js';
import { diffFiles, dumpProperties, HDF5_TOOLS, runTool } from './tools.js';

const CONVERSIONS = [
  { name: '1 worker', options: { libver: 'earliest', workers: 1 } },
  { name: '2 workers', options: { libver: 'earliest', workers: 2 } },
  { name: 'v110', options: { libver: 'v110', workers: 2 } },
] as const;

describeInterop(
  "files in HDF5's own tools",
  () => {
    const folder = temporaryFolder();
    const reports: ConversionReport[] = [];
    let description: Description;

    beforeAll(async () => {
      description = await makeMosaic(folder);
      for (const [index, { options }] of CONVERSIONS.entries()) {
        const path = `mosaic-${index}.nwb`;
        reports.push(await convert({ ...description, path }, { ...options, baseDir: folder }));
      }
    });

    /** The storage options of a series in the description, without the resolved ones. */
    const asked = (name: string) => {
      const data = description.acquisition?.find((series) => series.name === name)?.data;
      if (!data || !('source' in data)) throw new Error(`Expected a source for ${name}`);
      return data;
    };

    test.each([0, 2])(
      'h5dump shows type, extents, chunk, filters and fill value (%i)',
      async (index) => {
        const { path: file, datasets } = reports[index];
        for (const { path, dtype, shape, chunks, storedBytes } of datasets) {
          const data = asked(path.split('/')[2]);
          const maxshape = data.maxshape ?? shape;
          const chunked = Array.isArray(data.chunks) && !data.chunks.includes(null);
          expect([path, await dumpProperties(file, path)]).toEqual([
            path,
            {
              datatype: DUMPED_TYPES[dtype],
              dataspace: `( ${shape.join(', ')} ) / ( ${maxshape.map(unlimited).join(', ')} )`,
              chunked: (chunked ? (data.chunks as number[]) : chunks).join(', '),
              storedBytes,
              filters: dumpedFilters(data),
              fillvalue: String(data.fillvalue ?? 0),
            },
          ]);
        }
      },
    );

    test('h5ls counts as many bytes as the report', async () => {
      for (const { path: file, datasets } of reports)
        for (const { path, rawBytes, storedBytes } of datasets.slice(-12)) {
          const text = await runTool('h5ls', ['-v', `${file}${path}`]);
          expect(text).toContain(`${rawBytes} logical bytes, ${storedBytes} allocated bytes`);
        }
    });

    test('h5stat finds every byte: metadata, chunks, and little that is neither', async () => {
      for (const { path, storedBytes, fileBytes } of reports) {
        const text = await runTool('h5stat', ['-S', path]);
        const count = (label: string) =>
          Number(new RegExp(`${label}: (\\d+) bytes`).exec(text)?.[1]);
        expect(count('Total space')).toBe(fileBytes);
        expect(count('Raw data')).toBeGreaterThanOrEqual(storedBytes);
        expect(count('Raw data')).toBeLessThan(storedBytes + 64 * 1024);
        expect(count('Unaccounted space')).toBeLessThan(0.02 * fileBytes);
      }
    });

    test.each([
      [CONVERSIONS[0].name, CONVERSIONS[1].name],
      [CONVERSIONS[1].name, CONVERSIONS[2].name],
    ])(
      'h5diff finds the file of %s equal to that of %s, except for unique values',
      async (...names) => {
        const [left, right] = names.map(
          (name) => reports[CONVERSIONS.findIndex((conversion) => conversion.name === name)],
        );
        const found = await diffFiles(left.path, right.path);
        for (const { path } of left.datasets) expect(found.get(`dataset ${path}`)).toBe(0);
        const different = [...found].filter(([, count]) => count > 0).map(([object]) => object);
        const unique = /^attribute object_id of |^dataset \/file_create_date$/;
        expect(different.filter((object) => !unique.test(object))).toEqual([]);
        expect(different.length).toBeGreaterThan(left.datasets.length);
      },
    );
  },
  python,
  ...HDF5_TOOLS,
);

const unlimited = (length: number | null) => length ?? 'H5S_UNLIMITED';

const DUMPED_TYPES: Record<DType, string> = {
  int8: 'H5T_STD_I8LE',
  uint8: 'H5T_STD_U8LE',
  int16: 'H5T_STD_I16LE',
  uint16: 'H5T_STD_U16LE',
  int32: 'H5T_STD_I32LE',
  uint32: 'H5T_STD_U32LE',
  int64: 'H5T_STD_I64LE',
  uint64: 'H5T_STD_U64LE',
  float32: 'H5T_IEEE_F32LE',
  float64: 'H5T_IEEE_F64LE',
};

interface Filtered {
  readonly compression?: 'gzip' | false | null | undefined;
  readonly compressionOpts?: number | undefined;
  readonly shuffle?: boolean | undefined;
  readonly fletcher32?: boolean | undefined;
}

/** In the order of h5py, with the defaults of a description. */
function dumpedFilters(data: Filtered): string[] {
  const gzip = data.compression === undefined || data.compression === 'gzip';
  return [
    ...((data.shuffle ?? gzip) ? ['PREPROCESSING SHUFFLE'] : []),
    ...(gzip ? [`COMPRESSION DEFLATE { LEVEL ${data.compressionOpts ?? 4} }`] : []),
    ...(data.fletcher32 ? ['CHECKSUM FLETCHER32'] : []),
  ];
}
