/** Frames of cameras and microscopes: frames x 512 x 512. */
import type { Random } from './random.js';
import { ROW_BYTES, type Row } from './row.js';
import { addSpot, SIDE, smooth } from './scene.js';

const PIXELS = SIDE * SIDE;
const FRAMES = ROW_BYTES / 2 / PIXELS;
const VIDEO_FRAMES = ROW_BYTES / PIXELS;

/** Fills frames with the values of a function of the frame's number and the pixel. */
function frames<Items extends Uint8Array | Uint16Array>(
  items: Items,
  frame: (at: number) => (pixel: number) => number,
): Items {
  for (let at = 0; at * PIXELS < items.length; at++) {
    const value = frame(at);
    for (let pixel = 0; pixel < PIXELS; pixel++) items[at * PIXELS + pixel] = value(pixel);
  }
  return items;
}

/** A smooth picture under changing light, with shot noise. */
function camera(random: Random): Uint16Array {
  const picture = smooth(random, 60);
  return frames(new Uint16Array(FRAMES * PIXELS), (at) => {
    const light = 1500 * (1 + 0.2 * Math.sin(at / 5));
    return (pixel) => random.poisson(200 + light * picture[pixel]);
  });
}

/** A picture of few photons, with read noise. */
function darkCamera(random: Random): Uint16Array {
  const picture = smooth(random, 60);
  return frames(
    new Uint16Array(FRAMES * PIXELS),
    () => (pixel) =>
      Math.max(0, 100 + 4 * random.poisson(8 * picture[pixel]) + Math.round(3 * random.normal())),
  );
}

/** 12 bits: moving spots, and a fixed pattern of pixels, columns and hot pixels. */
function patternedCamera(random: Random): Uint16Array {
  const picture = smooth(random, 90);
  const columns = Float32Array.from({ length: SIDE }, () => 3 * random.normal());
  const offsets = Float32Array.from({ length: PIXELS }, (_, pixel) => {
    const hot = random.uniform() < 0.001 ? random.between(200, 2000) : 0;
    return 100 + 6 * random.normal() + columns[pixel % SIDE] + hot;
  });
  const gains = Float32Array.from({ length: PIXELS }, () => 1 + 0.03 * random.normal());
  const spots = Array.from({ length: 12 }, () => ({
    y: random.below(SIDE),
    x: random.below(SIDE),
    dy: random.between(-4, 4),
    dx: random.between(-4, 4),
  }));
  return frames(new Uint16Array(FRAMES * PIXELS), (at) => {
    const scene = picture.map((light) => 150 + 1200 * light);
    for (const { y, x, dy, dx } of spots) addSpot(scene, y + at * dy, x + at * dx, 10, 800);
    return (pixel) => {
      // Two electrons per step of the converter.
      const light = random.poisson(2 * scene[pixel] * gains[pixel]) / 2;
      return Math.min(4095, Math.max(0, Math.round(offsets[pixel] + light)));
    };
  });
}

/** Label images: each disc is filled with the number of its cell, and everything else is 0. */
function labels(random: Random): Uint16Array {
  const items = new Uint16Array(FRAMES * PIXELS);
  for (let at = 0; at < FRAMES; at++)
    for (let cell = 0; cell < 150; cell++) {
      const [row, column] = [random.below(SIDE), random.below(SIDE)];
      const radius = 4 + random.below(10);
      for (let y = Math.max(0, row - radius); y <= Math.min(SIDE - 1, row + radius); y++)
        for (let x = Math.max(0, column - radius); x <= Math.min(SIDE - 1, column + radius); x++)
          if ((y - row) ** 2 + (x - column) ** 2 < radius ** 2)
            items[at * PIXELS + y * SIDE + x] = 7 * cell + 1;
    }
  return items;
}

/** A video of an arena, 8 bits: a smooth, still picture with one moving animal and a little noise. */
function video(random: Random): Uint8Array {
  const picture = smooth(random, 80);
  return frames(new Uint8Array(VIDEO_FRAMES * PIXELS), (at) => {
    const scene = picture.map((light) => 90 + 100 * light);
    addSpot(scene, 256 + 180 * Math.sin(at / 9), 256 + 180 * Math.cos(at / 13), 18, -70);
    return (pixel) => Math.min(255, Math.max(0, Math.round(scene[pixel] + 2 * random.normal())));
  });
}

/** Two-photon imaging: cells on a dim background. Each photon counts many steps, and there is read noise. */
function calcium(random: Random): Uint16Array {
  const ground = smooth(random, 40);
  const cells = Array.from({ length: 200 }, () => ({
    y: random.below(SIDE),
    x: random.below(SIDE),
    light: 0,
  }));
  return frames(new Uint16Array(FRAMES * PIXELS), () => {
    const scene = ground.map((light) => 0.2 + 0.6 * light);
    for (const cell of cells) {
      cell.light = 0.8 * cell.light + (random.uniform() < 0.05 ? random.between(1, 5) : 0);
      addSpot(scene, cell.y, cell.x, 4, 0.4 + cell.light);
    }
    return (pixel) =>
      Math.max(0, Math.round(150 + 110 * random.poisson(scene[pixel]) + 20 * random.normal()));
  });
}

const images = (name: string, frames: number, make: Row['make']): Row => ({
  name,
  group: 'images',
  dtype: 'uint16',
  shape: [FRAMES, SIDE, SIDE],
  chunk: [frames, SIDE, SIDE],
  make,
});

export const IMAGES: readonly Row[] = [
  images('camera', 2, camera),
  images('camera-dark', 2, darkCamera),
  images('camera-12bit', 1, patternedCamera),
  images('labels', 2, labels),
  images('calcium', 8, calcium),
  {
    name: 'video-uint8',
    group: 'images',
    dtype: 'uint8',
    shape: [VIDEO_FRAMES, SIDE, SIDE],
    chunk: [4, SIDE, SIDE],
    make: video,
  },
];
