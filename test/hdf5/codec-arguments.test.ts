import { describe, expect, test } from 'vitest';
import { ChunkCodec, type ChunkLayout, encoderBytes, type Piece } from '../../src/hdf5/index.js';

const layout: ChunkLayout = {
  itemSize: 2,
  chunk: [2, 3],
  extent: [4, 6],
  fillvalue: new Uint8Array(2),
  filters: [{ kind: 'shuffle' }, { kind: 'deflate', level: 4 }],
};

const piece = (): Piece => ({
  start: [0, 0],
  count: [4, 6],
  bytes: new Uint8Array(48),
  offset: 0,
  steps: [12, 2],
  swap: false,
});

const encode = (...pieces: unknown[]) =>
  new ChunkCodec(layout).encode(pieces as readonly Piece[], [0, 0]);

describe('layouts', () => {
  test.each([
    ['no axes', { chunk: [], extent: [] }, 'Expected 1 to 32 axes for a chunk but received 0'],
    ['33 axes', { chunk: Array(33).fill(1) }, 'Expected at most 32 numbers'],
    ['unequal ranks', { extent: [4] }, 'Expected 2 axes for the extent'],
    ['an empty chunk', { chunk: [2, 0] }, 'at least 1 element on every axis'],
    ['4 GiB', { chunk: [2 ** 16, 2 ** 15] }, 'Expected a chunk below 4 GiB but received chunk'],
    ['an overflow', { chunk: [2 ** 53 - 1, 2 ** 53 - 1] }, 'Expected a chunk below 4 GiB'],
    ['a long fill value', { fillvalue: new Uint8Array(4) }, 'Expected 2 bytes for the fill value'],
    ['level 13', { filters: [{ kind: 'deflate', level: 13 }] }, 'filters[0].level but received 13'],
    ['items of no bytes', { itemSize: 0, fillvalue: new Uint8Array() }, 'at least 1 byte'],
    ['a fraction', { chunk: [1.5, 1] }, 'layout.chunk[0] but received 1.5'],
    ['a negative extent', { extent: [-1, 1] }, 'layout.extent[0] but received -1'],
  ])('refuses %s', (_, part, message) => {
    const wrong = { ...layout, ...part } as ChunkLayout;
    expect(() => new ChunkCodec(wrong)).toThrow(RangeError);
    expect(() => encoderBytes(wrong)).toThrow(message);
  });

  test.each([
    ['nothing', undefined],
    ['a chunk of strings', { ...layout, chunk: ['2', '3'] }],
    ['no filters', { ...layout, filters: undefined }],
    ['an unknown filter', { ...layout, filters: [{ kind: 'lzf' }] }],
    ['a fill value that is a number', { ...layout, fillvalue: 0 }],
    ['a number for skipFill', { ...layout, skipFill: 1 }],
  ])('%s is refused with a TypeError', (_, wrong) => {
    expect(() => new ChunkCodec(wrong as unknown as ChunkLayout)).toThrow(TypeError);
  });

  test('encoderBytes allocates nothing', () => {
    const chunk = [2 ** 16, 2 ** 14];
    expect(encoderBytes({ ...layout, chunk })).toBeGreaterThan(2 ** 32);
    expect(encoderBytes({ ...layout, chunk, filters: [] })).toBe(2 ** 31);
  });
});

describe('pieces', () => {
  test.each<[string, Partial<Piece>]>([
    ['an offset past the end', { offset: 47 }],
    ['one byte too few', { bytes: new Uint8Array(47) }],
    ['no bytes', { bytes: new Uint8Array(0) }],
    ['a step too long', { steps: [13, 2] }],
    ['a step before the beginning', { steps: [12, -2] }],
    ['a huge step', { steps: [2 ** 53 - 1, 2] }],
    ['a huge offset', { offset: 2 ** 53 - 1 }],
    ['a huge negative step', { steps: [-(2 ** 53 - 1), 2] }],
    ['a huge count', { count: [2 ** 53 - 1, 2 ** 53 - 1] }],
    ['a table that leads out', { steps: [Int32Array.of(0, 12, 24, 37), 2] }],
    ['a table that leads before', { steps: [Int32Array.of(0, 12, 24, -1), 2] }],
    ['an even table that leads before', { steps: [Int32Array.of(-12, 0, 12, 24), 2] }],
    ['a table of another length', { steps: [Int32Array.of(0, 12, 24), 2] }],
    ['a start of another rank', { start: [0] }],
    ['a negative start', { start: [-1, 0] }],
    ['a count that is not whole', { count: [4, 5.5] }],
  ])('are refused with %s', (_, part) => {
    expect(() => encode({ ...piece(), ...part })).toThrow(RangeError);
  });

  test.each<[string, unknown]>([
    ['nothing', null],
    ['no steps', { ...piece(), steps: undefined }],
    ['too few steps', { ...piece(), steps: [2] }],
    ['a table of another type', { ...piece(), steps: [new Float64Array(4), 2] }],
    ['bytes of another type', { ...piece(), bytes: new Int16Array(24) }],
    ['a string for offset', { ...piece(), offset: '0' }],
    ['a proxy for bytes', { ...piece(), bytes: new Proxy(new Uint8Array(48), {}) }],
  ])('are refused with %s as a wrong type', (_, wrong) => {
    expect(() => encode(wrong)).toThrow(TypeError);
    expect(() => new ChunkCodec(layout).encode(wrong as readonly Piece[], [0, 0])).toThrow();
  });

  test('the error names the piece that is wrong', () => {
    expect(() => encode(piece(), { ...piece(), bytes: new Uint8Array(40) })).toThrow(
      'Expected every element of pieces[1] to lie within its 40 bytes',
    );
  });

  test('the tables of a piece may begin anywhere within their bytes', () => {
    const bytes = Uint8Array.from({ length: 60 }, (_, i) => i);
    const codec = new ChunkCodec({ ...layout, filters: [] });
    const steps = [Int32Array.of(-2, 10, 22, 34), Int32Array.of(4, 6, 8, 10, 12, 14)];
    const { bytes: chunk } = codec.encode([{ ...piece(), bytes, offset: 2, steps }], [2, 3]);
    expect([...chunk]).toEqual([34, 35, 36, 37, 38, 39, 46, 47, 48, 49, 50, 51]);
  });

  test('pieces whose memory is detached while arguments are read are refused', () => {
    const first = piece();
    const second = {
      ...piece(),
      get swap() {
        structuredClone(first.bytes.buffer, { transfer: [first.bytes.buffer as ArrayBuffer] });
        return false;
      },
    };
    expect(() => encode(first, second)).toThrow(RangeError);
  });

  test('errors thrown by getters of a piece are passed on', () => {
    const thrown = new Error('mine');
    const wrong = {
      ...piece(),
      get count(): number[] {
        throw thrown;
      },
    };
    expect(() => encode(wrong)).toThrow(thrown);
  });

  test('items of 3 bytes can’t be swapped', () => {
    const codec = new ChunkCodec({ ...layout, itemSize: 3, fillvalue: new Uint8Array(3) });
    const wide = { ...piece(), bytes: new Uint8Array(72), steps: [18, 3], swap: true };
    expect(() => codec.encode([wide], [0, 0])).toThrow('Expected items of 1, 2, 4 or 8 bytes');
  });
});

describe('other arguments', () => {
  test.each([
    [[1, 0], 'Expected the start of a chunk [2, 3] within the extent [4, 6] but received [1, 0]'],
    [[4, 0], 'but received [4, 0]'],
    [[0], 'Expected 2 numbers (one an axis) for chunkStart but received an array of 1'],
  ])('chunkStart %j is refused', (start, message) => {
    const codec = new ChunkCodec(layout);
    expect(() => codec.encode([piece()], start)).toThrow(message);
    expect(() => codec.difference([piece()], start, new Uint8Array(12), 3)).toThrow(RangeError);
  });

  test('a stored chunk must be a Uint8Array, and its mask 32 bits', () => {
    const codec = new ChunkCodec(layout);
    expect(() => codec.decode('x' as unknown as Uint8Array, 0)).toThrow(TypeError);
    expect(() => codec.decode(new Uint8Array(12), 2 ** 32)).toThrow(RangeError);
    expect(() => codec.decode(new Uint8Array(12), -1)).toThrow(RangeError);
  });

  test('a stored chunk may lie in shared memory', () => {
    const codec = new ChunkCodec(layout);
    const shared = new Uint8Array(new SharedArrayBuffer(12)).fill(5);
    expect(codec.decode(shared, 3)).toEqual(new Uint8Array(12).fill(5));
  });

  test('the memory to decode into must have the chunk’s size and overlap nothing', () => {
    const codec = new ChunkCodec(layout);
    const stored = new Uint8Array(12).fill(5);
    const into = (out: unknown) => codec.decode(stored, 3, out as Uint8Array);
    for (const length of [0, 11, 13])
      expect(() => into(new Uint8Array(length))).toThrow(
        `Expected 12 bytes for out but received ${length}`,
      );
    expect(() => into(new Int16Array(6))).toThrow(TypeError);
    expect(() => into(null)).toThrow(TypeError);
    expect(() => into(new Uint8Array(new SharedArrayBuffer(12)))).toThrow(TypeError);
    expect(() => into(stored)).toThrow('Expected memory apart from the stored chunk');
    const gone = new Uint8Array(12);
    structuredClone(gone.buffer, { transfer: [gone.buffer] });
    expect(() => into(gone)).toThrow(RangeError);
    expect(stored).toEqual(new Uint8Array(12).fill(5));
  });
});
