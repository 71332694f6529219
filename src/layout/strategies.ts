import { product } from './hyperslab.js';

/** The kind of data in a dataset; determines the shape of its chunks. */
export type DatasetKind = 'electrical' | 'image' | 'generic';

type Shape = readonly number[];

/** Target size of chunks of HDMF's iterator and of NeuroConv, in bytes. */
export const HDMF_TARGET = 10e6;
/** Target size of chunks of HDMF 6 and later, in bytes. */
export const HDMF6_TARGET = 4 * 1024 * 1024;

/** The most channels that NeuroConv puts into one chunk; viewers show that many at a time. */
export const MAX_CHANNELS = 64;

/**
 * The chunk shape of HDMF's `GenericDataChunkIterator`, which keeps the ratios between the axes of the shape.
 * Source: `hdmf.data_utils.GenericDataChunkIterator._get_default_chunk_shape`.
 */
export function hdmfChunks(shape: Shape, itemSize: number, target = HDMF_TARGET): number[] {
  const whole = atLeastOne(shape);
  const shortest = Math.min(...whole);
  let ratios = whole.map((length) => Math.floor(length / shortest));
  while (product(ratios) * itemSize > target && product(ratios) !== 1) {
    const smallest = Math.min(...ratios.filter((ratio) => ratio !== 1));
    ratios = ratios.map((ratio) => (ratio === 1 ? 1 : Math.floor(ratio / smallest)));
  }
  const scale = Math.floor((target / (product(ratios) * itemSize)) ** (1 / shape.length));
  return atLeastOne(ratios.map((ratio, axis) => Math.min(scale * ratio, whole[axis])));
}

/**
 * The default chunk shape of HDMF 6 and later: whole trailing axes and as many rows as fit. If a single row is
 * too large, its longest axis is halved until it fits.
 * Source: `hdmf.backends.hdf5.h5tools.HDF5IO.compute_default_chunk_shape`.
 */
export function hdmf6Chunks(shape: Shape, itemSize: number, target = HDMF6_TARGET): number[] {
  const row = shape.slice(1);
  const rowBytes = product(row) * itemSize;
  if (rowBytes === 0) return h5pyChunks(shape, itemSize);
  if (rowBytes <= target) {
    return [Math.max(1, Math.min(Math.floor(target / rowBytes), shape[0])), ...row];
  }
  return [1, ...halveLongest(row, itemSize, target, (length) => Math.floor(length / 2))];
}

/**
 * NeuroConv's chunk shapes: at most 64 channels and as many frames as fit for electrical series; as many whole
 * images as fit for image series (one plane of each, if they are volumes); HDMF's chunk shape otherwise.
 * Source: `neuroconv.tools.iterative_write`.
 */
export function neuroconvChunks(
  shape: Shape,
  itemSize: number,
  kind: DatasetKind,
  target = HDMF_TARGET,
): number[] {
  if (kind === 'electrical' && shape.length === 2) {
    const channels = Math.max(1, Math.min(MAX_CHANNELS, shape[1]));
    return atLeastOne([Math.min(Math.floor(target / (channels * itemSize)), shape[0]), channels]);
  }
  if (kind === 'image' && (shape.length === 3 || shape.length === 4)) {
    const [height, width] = atLeastOne(shape.slice(1, 3));
    const images = Math.floor(target / (height * width * itemSize));
    const plane = [Math.max(1, Math.min(images, shape[0])), height, width];
    return shape.length === 4 ? [...plane, 1] : plane;
  }
  return hdmfChunks(shape, itemSize, target);
}

const H5PY_BASE = 16 * 1024;
const H5PY_MIN = 8 * 1024;
const H5PY_MAX = 1024 * 1024;

/**
 * The chunk shape that h5py guesses for `chunks=True`: 8 KiB to 1 MiB, growing with the dataset's
 * size; axes are halved in turn. Axes of length 0 count as 1024.
 * Source: `h5py._hl.filters.guess_chunk`.
 */
export function h5pyChunks(shape: Shape, itemSize: number): number[] {
  const chunk = shape.map((length) => (length === 0 ? 1024 : length));
  const wanted = H5PY_BASE * 2 ** Math.log10((product(chunk) * itemSize) / 2 ** 20);
  const target = Math.min(Math.max(wanted, H5PY_MIN), H5PY_MAX);
  for (let turn = 0; ; turn++) {
    const bytes = product(chunk) * itemSize;
    const near = bytes < target || Math.abs(bytes - target) / target < 0.5;
    if ((near && bytes < H5PY_MAX) || product(chunk) === 1) return chunk;
    const axis = turn % chunk.length;
    chunk[axis] = Math.ceil(chunk[axis] / 2);
  }
}

/** Halves the longest axis (the first of several) until the block fits the target, or all axes have length 1. */
export function halveLongest(
  shape: Shape,
  itemSize: number,
  target: number,
  half: (length: number) => number,
): number[] {
  const block = [...shape];
  while (product(block) * itemSize > target) {
    const longest = Math.max(...block);
    if (longest <= 1) break;
    block[block.indexOf(longest)] = half(longest);
  }
  return block;
}

/** Replaces lengths of 0, which an HDF5 chunk can't have, by 1. */
export function atLeastOne(shape: Shape): number[] {
  return shape.map((length) => Math.max(1, length));
}
