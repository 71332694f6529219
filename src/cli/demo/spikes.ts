import { uniform } from './random.js';

/** Samples of a waveform, 2 ms at 30 kHz. */
export const SPIKE_SAMPLES = 60;
/** Channels on either side of its own where a neuron is still seen. */
const REACH = 8;
const NEURONS = 300;
/** Samples that a neuron rests after a spike. */
const REFRACTORY = 90;

interface Neuron {
  readonly firstChannel: number;
  readonly width: number;
  /** Samples x channels, least significant bits. */
  readonly waveform: Int16Array;
  /** Samples from one spike to the next, on average. */
  readonly interval: number;
  /** Its own, so that its spikes do not depend on how the recording is cut into blocks. */
  readonly random: () => number;
  /** Sample of the next spike. */
  next: number;
}

/** Neurons that fire at random, each with its waveform on the channels around it. */
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
   * Adds all spikes that begin in some samples.
   *
   * @param from first sample; calls must be in order, without gaps
   * @param into rows of `stride` values from sample `from` on, and SPIKE_SAMPLES more than `count`
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

/** A sharp trough and a slow return, 1 at most. */
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
