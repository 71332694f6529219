import { describe, expect, it } from 'vitest';
import { NwbError } from '../../src/nwb/index.js';
import { bulk, example, series } from '../description/example.js';
import { OwnIterator } from '../description/iterators.js';
import { at, attributesAt, begun, grow, info, valueAt } from './grow.js';

const AP = 'acquisition/ElectricalSeriesAP';
const growSeries = (fields: object, shapes: Parameters<typeof grow>[1] = {}) =>
  grow(example({ acquisition: [series({ ...fields })] }), shapes);

const speed = (fields: object = {}) => ({
  type: 'TimeSeries',
  name: 'speed',
  unit: 'm/s',
  rate: 10,
  data: [0, 1, 2],
  ...fields,
});
const growSpeed = (fields: object, shapes: Parameters<typeof grow>[1] = {}) =>
  grow(example({ acquisition: [speed(fields)] }), shapes);

describe('TimeSeries', () => {
  it('has data with the unit, and a rate', () => {
    const tree = growSpeed({ description: 'of running', comments: 'none', startingTime: 5 });
    expect(attributesAt(tree, '/acquisition/speed')).toEqual({
      namespace: 'core',
      neurodata_type: 'TimeSeries',
      description: 'of running',
      comments: 'none',
    });
    expect(attributesAt(tree, '/acquisition/speed/data')).toEqual({
      unit: 'm/s',
      conversion: 1,
      offset: 0,
      resolution: -1,
    });
    expect(at(tree, '/acquisition/speed/starting_time')).toEqual({
      kind: 'dataset',
      value: { dtype: 'float64', shape: [], data: Float64Array.of(5) },
      attributes: {
        rate: { dtype: 'float64', shape: [], data: Float64Array.of(10) },
        unit: { dtype: 'string', shape: [], data: ['seconds'] },
      },
    });
  });

  it('leaves out fields that are not given', () => {
    const attributes = attributesAt(growSpeed({}), '/acquisition/speed');
    expect(Object.keys(attributes).sort()).toEqual(['namespace', 'neurodata_type']);
  });

  it('has timestamps in place of a rate', () => {
    const tree = growSpeed({ rate: undefined, timestamps: [0, 1.5, 2] });
    expect(valueAt(tree, '/acquisition/speed/timestamps')).toEqual([0, 1.5, 2]);
    expect(attributesAt(tree, '/acquisition/speed/timestamps')).toEqual({
      interval: 1,
      unit: 'seconds',
    });
    expect(() => at(tree, '/acquisition/speed/starting_time')).toThrow();
  });

  it('has timestamps from a source', () => {
    const fields = { rate: undefined, timestamps: bulk() };
    const label = 'acquisition/speed/timestamps';
    const node = at(growSpeed(fields, { [label]: info([3], 'float64') }), `/${label}`);
    expect(node).toMatchObject({ kind: 'bulk', dtype: 'float64', shape: [3], role: 'generic' });
    expect(() => growSpeed(fields, { [label]: info([4], 'float64') })).toThrow(
      'Expected 3 timestamps, one for each sample, for acquisition/speed/timestamps but received 4',
    );
    expect(() => growSpeed(fields, { [label]: info([3], 'float32') })).toThrow(
      'Expected float64 (seconds) for acquisition/speed/timestamps but received float32',
    );
    expect(() => growSpeed(fields, { [label]: info([3, 1], 'float64') })).toThrow(
      'Expected 1 axis for acquisition/speed/timestamps but received 3 x 1',
    );
  });

  it.each([
    ['int8', Int8Array.of(1, 2)],
    ['uint16', Uint16Array.of(1, 2)],
    ['int64', BigInt64Array.of(1n, 2n)],
    ['uint64', BigUint64Array.of(1n, 2n)],
    ['float32', Float32Array.of(1, 2)],
  ])('holds %s in place', (dtype, data) => {
    const tree = growSpeed({ data: { values: [[1], [2]], dtype } });
    expect(at(tree, '/acquisition/speed/data')).toMatchObject({
      value: { dtype, shape: [2, 1], data },
    });
  });

  it('accepts four axes from a source, but not five', () => {
    const data = (shape: number[]) => growSpeed({ data: bulk() }, { [label]: info(shape) });
    const label = 'acquisition/speed/data';
    expect(at(data([9, 2, 3, 4]), `/${label}`)).toMatchObject({ shape: [9, 2, 3, 4] });
    expect(() => data([9, 2, 3, 4, 5])).toThrow(
      'Expected data with 1 to 4 axes, time first, for acquisition/speed/data but received 9 x 2 x 3 x 4 x 5',
    );
    expect(() => data([])).toThrow('but received a scalar');
  });
});

describe('bulk datasets', () => {
  const store = (fields: object) =>
    growSeries({ data: bulk({ ...fields }) }, { [`${AP}/data`]: info([1000, 4]) });

  it('a bulk dataset holds its source, type and shape', () => {
    const node = at(store({ maxshape: [null, 4], fillvalue: -1 }), `/${AP}/data`);
    expect(node).toMatchObject({
      kind: 'bulk',
      dtype: 'int16',
      shape: [1000, 4],
      role: 'electrical',
      data: { ...bulk(), maxshape: [null, 4] },
    });
  });

  it.each<[object, string]>([
    [{ chunks: [64] }, '2 chunk lengths (the data are 1000 x 4) for X but received 1'],
    [{ fillvalue: 40000 }, 'a fillvalue that int16 can hold for X but received 40000'],
    [{ fillvalue: 0.5 }, 'a fillvalue that int16 can hold for X but received 0.5'],
    [{ maxshape: [null] }, 'a maxshape of 2 lengths (the data are 1000 x 4) for X but received 1'],
    [
      { maxshape: [999, 4] },
      'maxshape[0] to be null or at least 1000, the length of that axis, for X but received 999',
    ],
    [
      { maxshape: [null, null] },
      'maxshape[1] to be 4, the length of that axis (only axis 0, time, can grow), for X but received null',
    ],
  ])('a bulk dataset refuses %j', (fields, message) => {
    const text = `Expected ${message.replace('X', `${AP}/data`)}`;
    expect(() => store(fields)).toThrow(expect.objectContaining({ message: text }));
  });

  it('the error of a refused bulk dataset is an NwbError with its fields', () => {
    const error = (() => {
      try {
        return store({ chunks: [64] });
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(NwbError);
    expect(error).toMatchObject({ tag: 'NwbError', fields: { name: `${AP}/data`, received: '1' } });
  });

  it('a bulk dataset needs a known type and shape', () => {
    expect(() => growSeries({})).toThrow(`Expected data whose shape and dtype are known for ${AP}`);
  });
});

describe('data in memory', () => {
  const label = `${AP}/data`;
  const array = { data: new Int16Array(4000), shape: [1000, 4] };
  const store = (fields: object, has = info([1000, 4])) =>
    growSeries({ data: { data: array, ...fields } }, { [label]: has });

  it('data in memory become bulk datasets like those of sources', () => {
    expect(at(store({ maxshape: [null, 4] }), `/${label}`)).toMatchObject({
      kind: 'bulk',
      dtype: 'int16',
      shape: [1000, 4],
      maxshape: [null, 4],
      role: 'electrical',
      data: { data: array },
    });
    expect(at(store({}), `/${label}`)).toHaveProperty('maxshape', undefined);
  });

  it('data in memory grow along time only', () => {
    expect(() => store({ maxshape: [null, null] })).toThrow(
      'Expected maxshape[1] to be 4, the length of that axis (only axis 0, time, can grow),',
    );
  });

  it('NaN is a fill value for float types only', () => {
    const fillvalue = Number.NaN;
    expect(at(store({ fillvalue }, info([1000, 4], 'float32')), `/${label}`)).toMatchObject({
      data: { fillvalue },
    });
    expect(() => store({ fillvalue })).toThrow(
      `Expected a fillvalue that int16 can hold for ${label} but received NaN`,
    );
  });
});

describe('iterators', () => {
  const label = `${AP}/data`;
  const store = (fields: object, has = begun([1, 4], [null, 4])) =>
    growSeries({ data: { data: new OwnIterator(), ...fields } }, { [label]: has });

  it('data from an iterator grow to its maxshape, or to the maxshape that was asked for', () => {
    const node = (fields: object) => at(store(fields), `/${label}`);
    expect(node({})).toMatchObject({ shape: [1, 4], maxshape: [null, 4] });
    expect(node({ maxshape: [500, 4] })).toMatchObject({ shape: [1, 4], maxshape: [500, 4] });
  });

  it('data from an iterator may grow along any axis', () => {
    const fields = { type: 'TimeSeries', unit: 'm', data: new OwnIterator([null, null, 7]) };
    const maxshape = [null, null, 7];
    const tree = growSeries(fields, { [label]: begun([0, 3, 7], maxshape) });
    expect(at(tree, `/${label}`)).toMatchObject({ maxshape });
  });

  it.each<[object, Parameters<typeof begun>, string]>([
    [
      { chunks: [64] },
      [
        [1, 4],
        [null, 4],
      ],
      '2 chunk lengths (the data begin as 1 x 4) for X but received 1',
    ],
    [
      { maxshape: [null] },
      [
        [1, 4],
        [null, 4],
      ],
      'a maxshape of 2 lengths (the data begin as 1 x 4) for X but received 1',
    ],
    [
      {},
      [[1, 4], [null]],
      'a maxshape of 2 lengths (the data begin as 1 x 4) for X but received 1',
    ],
    [
      { maxshape: [null, 3] },
      [
        [1, 4],
        [null, 4],
      ],
      'maxshape[1] to be null or at least 4, the length of that axis, for X but received 3',
    ],
    [
      {},
      [
        [10, 4],
        [9, 4],
      ],
      'maxshape[0] to be null or at least 10, the length of that axis, for X but received 9',
    ],
  ])('the options %j are refused for an iterator of %j', (fields, has, message) => {
    const text = `Expected ${message.replace('X', label)}`;
    expect(() => store(fields, begun(...has))).toThrow(expect.objectContaining({ message: text }));
  });

  it('data from an iterator need an electrode for each channel', () => {
    expect(() => store({}, begun([0, 3], [null, 3]))).toThrow(
      `Expected 3 electrodes, one for each channel (the data are 0 x 3), for ${AP} but received 4`,
    );
  });

  describe('iterators with timestamps', () => {
    const times = 'acquisition/speed/timestamps';
    const data = 'acquisition/speed/data';
    const both = (
      has: Parameters<typeof growSpeed>[1],
      timestamps: unknown = new OwnIterator([null]),
    ) => growSpeed({ rate: undefined, data: new OwnIterator([null]), timestamps }, has);

    it('the number of timestamps is not checked while a length is unknown', () => {
      const growing = begun([0], [null], 'float64');
      const known = begun([3], [3], 'float64');
      const node = (tree: ReturnType<typeof grow>) => at(tree, `/${times}`);
      expect(node(both({ [data]: growing, [times]: growing }))).toMatchObject({ shape: [0] });
      expect(node(both({ [data]: growing, [times]: known }))).toMatchObject({ shape: [3] });
      expect(node(both({ [data]: known, [times]: growing }))).toMatchObject({ shape: [0] });
      expect(valueAt(both({ [data]: growing }, [1, 2]), `/${times}`)).toEqual([1, 2]);
    });

    it('the number of timestamps is checked if both lengths are known', () => {
      const known = begun([4], [4], 'float64');
      expect(() => both({ [data]: begun([3], [3]), [times]: known })).toThrow(
        `Expected 3 timestamps, one for each sample, for ${times} but received 4`,
      );
      expect(() => both({ [data]: known }, [1, 2])).toThrow('Expected 4 timestamps');
    });

    it('timestamps must be float64 along one axis', () => {
      const growing = begun([0], [null]);
      expect(() => both({ [data]: growing, [times]: growing })).toThrow(
        `Expected float64 (seconds) for ${times} but received int16`,
      );
      const table = begun([0, 2], [null, 2], 'float64');
      expect(() => both({ [data]: growing, [times]: table })).toThrow(
        `Expected 1 axis for ${times} but received 0 x 2`,
      );
    });
  });
});

describe('ElectricalSeries', () => {
  const shapes = { [`${AP}/data`]: info([1000, 4]) };

  it('refers to all electrodes by default', () => {
    const tree = growSeries({}, shapes);
    expect(valueAt(tree, `/${AP}/electrodes`)).toEqual([0, 1, 2, 3]);
    expect(attributesAt(tree, `/${AP}/electrodes`)).toEqual({
      namespace: 'hdmf-common',
      neurodata_type: 'DynamicTableRegion',
      description: 'all electrodes',
      table: '/general/extracellular_ephys/electrodes',
    });
    expect(attributesAt(tree, `/${AP}/data`)).toMatchObject({
      unit: 'volts',
      conversion: 2.34375e-6,
    });
  });

  it('has its filter and a conversion for each channel', () => {
    const fields = { filtering: 'high-pass', channelConversion: [1, 2, 3, 4.5] };
    const tree = growSeries(fields, shapes);
    expect(attributesAt(tree, `/${AP}`)).toMatchObject({ filtering: 'high-pass' });
    expect(valueAt(tree, `/${AP}/channel_conversion`)).toEqual([1, 2, 3, 4.5]);
    expect(attributesAt(tree, `/${AP}/channel_conversion`)).toEqual({ axis: 1 });
  });

  it('may have a single channel without an axis for channels', () => {
    const one = { [`${AP}/data`]: info([1000]) };
    const tree = growSeries({ electrodes: [2] }, one);
    expect(valueAt(tree, `/${AP}/electrodes`)).toEqual([2]);
    expect(() => growSeries({}, one)).toThrow(
      `Expected 1 electrode, one for each channel (the data are 1000), for ${AP} but received 4`,
    );
  });

  it.each<[object, string]>([
    [
      { electrodes: [0, 1] },
      `Expected 4 electrodes, one for each channel (the data are 1000 x 4), for ${AP} but received 2`,
    ],
    [
      { electrodes: [0, 1, 2, 4] },
      `Expected rows of the electrodes table (0 to 3) for ${AP}/electrodes but received 4`,
    ],
    [
      { channelConversion: [1] },
      `Expected 4 factors, one for each channel, for ${AP}/channel_conversion but received 1`,
    ],
  ])('refuses %j', (fields, message) => {
    expect(() => growSeries(fields, shapes)).toThrow(expect.objectContaining({ message }));
  });

  it('has at most three axes', () => {
    const four = { [`${AP}/data`]: info([10, 4, 2, 2]) };
    expect(() => growSeries({}, four)).toThrow('Expected data with 1 to 3 axes, time first,');
  });
});
