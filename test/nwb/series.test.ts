import { describe, expect, it } from 'vitest';
import { NwbError } from '../../src/nwb/index.js';
import { bulk, example, series } from '../description/example.js';
import { at, attributesAt, grow, info, valueAt } from './grow.js';

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

  it('leaves out what was not said', () => {
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

  it('holds four axes of a source, not five', () => {
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

  it('hold the source and what is known of it', () => {
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
  ])('refuse %j', (fields, message) => {
    const text = `Expected ${message.replace('X', `${AP}/data`)}`;
    expect(() => store(fields)).toThrow(expect.objectContaining({ message: text }));
  });

  it('refuse with an error that can be told apart', () => {
    const error = (() => {
      try {
        return store({ chunks: [64] });
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(NwbError);
    expect(error).toMatchObject({ tag: 'NwbError', subject: `${AP}/data`, received: '1' });
  });

  it('need to be probed', () => {
    expect(() => growSeries({})).toThrow(`Expected the shape and dtype of its source for ${AP}`);
  });
});

describe('ElectricalSeries', () => {
  const shapes = { [`${AP}/data`]: info([1000, 4]) };

  it('refers to all electrodes unless said otherwise', () => {
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

  it('has its filter and its conversions by channel', () => {
    const fields = { filtering: 'high-pass', channelConversion: [1, 2, 3, 4.5] };
    const tree = growSeries(fields, shapes);
    expect(attributesAt(tree, `/${AP}`)).toMatchObject({ filtering: 'high-pass' });
    expect(valueAt(tree, `/${AP}/channel_conversion`)).toEqual([1, 2, 3, 4.5]);
    expect(attributesAt(tree, `/${AP}/channel_conversion`)).toEqual({ axis: 1 });
  });

  it('may have one channel without an axis of its own', () => {
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
