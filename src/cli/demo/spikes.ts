import { uniform } from './random.js';

/** Samples of a waveform, 2 ms at 30 kHz. */
export const SPIKE_SAMPLES = 60;
/** Channels on either side of a neuron's own that record it. */
const REACH = 8;
const NEURONS = 300;
/** Refractory period, in samples. */
const REFRACTORY = 90;

interface Neuron {
  readonly firstChannel: number;
  readonly width: number;
  /** Samples x channels, least significant bits. */
  readonly waveform: Int16Array;
  /** Mean interval between spikes, in samples. */
  readonly interval: number;
  /** One generator per neuron, so that spikes do not depend on the size of blocks. */
  readonly random: () => number;
  /** Sample of the next spike. */
  next: number;
}

/** Neurons that fire at random, each with a waveform on the channels around it. */
export class Spikes {
  readonly #neurons: readonly Neuron[];

  /** @param rate samples per second */
  constructor(channels: number, rate: number) {
    this.#neurons = Array.from({ length: NEURONS }, (_, index) => {
      const random = uniform(index);
      const center = Math.floor(random() * channels);
      const firstChannel = Math.max(0, center - REACH);
      const width = Math.min(channels, center + REACH + 1) - firstChannel;
      const amplitude = 40 + 160 * random() ** 2;
      const interval = rate / (1 + 15 * random());
      const waveform = Int16Array.from({ length: SPIKE_SAMPLES * width }, (_, at) => {
        const away = Math.abs(firstChannel + (at % width) - center);
        return Math.round(amplitude * Math.exp(-away / 3) * shape(Math.floor(at / width)));
      });
      return { firstChannel, width, waveform, interval, random, next: interval * random() };
    });
  }

  /**
   * Adds all spikes that begin within `count` samples from `from` on.
   *
   * @param from first sample; successive calls must be contiguous
   * @param into rows of `stride` values, `count` + SPIKE_SAMPLES of them, the first for sample `from`
   */
  add(from: number, count: number, into: Int16Array, stride: number): void {
    for (const neuron of this.#neurons) {
      while (neuron.next < from + count) {
        addWaveform(neuron, into, (Math.floor(neuron.next) - from) * stride, stride);
        neuron.next += REFRACTORY - neuron.interval * Math.log(1 - neuron.random());
      }
    }
  }
}

/** A sharp trough and a slow return; at most 1 in magnitude. */
function shape(sample: number): number {
  return 0.35 * Math.exp(-(((sample - 30) / 9) ** 2)) - Math.exp(-(((sample - 16) / 4) ** 2));
}

function addWaveform(neuron: Neuron, into: Int16Array, row: number, stride: number): void {
  const { firstChannel, width, waveform } = neuron;
  for (let sample = 0; sample < SPIKE_SAMPLES; sample++) {
    const at = row + sample * stride + firstChannel;
    for (let channel = 0; channel < width; channel++)
      into[at + channel] += waveform[sample * width + channel];
  }
}
