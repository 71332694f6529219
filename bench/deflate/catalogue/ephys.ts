/** Synthetic extracellular recordings: int16, samples x channels, 30 kHz. */
import type { Random } from './random.js';
import { RECORDING_CHUNK, type Row } from './row.js';

const RATE = 30_000;

/** A sine on all channels, white noise, and spikes on single channels. */
function tetrodes(random: Random, samples: number, channels: number): Int16Array {
  const microvolts = new Float32Array(samples * channels);
  for (let sample = 0; sample < samples; sample++) {
    const theta = 60 * Math.sin((2 * Math.PI * 8 * sample) / RATE);
    for (let channel = 0; channel < channels; channel++)
      microvolts[sample * channels + channel] =
        theta * (0.5 + channel / (channels - 1)) + 12 * random.normal();
  }
  const spikes = Math.round((300 * samples) / RATE);
  for (let spike = 0; spike < spikes; spike++) {
    const begin = random.below(samples - SPIKE.length);
    const channel = random.below(channels);
    for (const [at, depth] of SPIKE.entries())
      microvolts[(begin + at) * channels + channel] -= 150 * depth;
  }
  return Int16Array.from(microvolts, Math.round);
}

/** A Hann window of 1 ms. */
const SPIKE = Array.from({ length: 30 }, (_, at) => 0.5 - 0.5 * Math.cos((2 * Math.PI * at) / 29));

/** Field potentials of several bands: frequency in Hz, amplitude in steps of the converter. */
const BANDS = [
  [1.5, 70],
  [8, 40],
  [42, 12],
  [140, 4],
] as const;

/**
 * A long probe. Each channel has its own offset, gain and noise. All channels share some noise, and field potentials
 * whose phase changes along the probe. Neighbouring channels see the same spikes.
 */
function neuropixels(random: Random, samples: number, channels: number, noise: number): Int16Array {
  const perChannel = Array.from({ length: channels }, (_, channel) => ({
    gain: random.between(0.75, 1.25),
    offset: 25 * random.normal(),
    /** For each band, the amplitudes of its sine and cosine. */
    fields: BANDS.map(([, amplitude], band) => {
      const phase = (channel / channels) * Math.PI * (band + 1);
      const depth = 0.4 + 0.6 * Math.sin((Math.PI * channel) / channels);
      return [amplitude * depth * Math.cos(phase), amplitude * depth * Math.sin(phase)] as const;
    }),
  }));
  const signal = new Float32Array(samples * channels);
  for (let sample = 0; sample < samples; sample++) {
    const waves = BANDS.map(([frequency]) => {
      const angle = (2 * Math.PI * frequency * sample) / RATE;
      return [Math.sin(angle), Math.cos(angle)] as const;
    });
    const common = 0.3 * noise * random.normal();
    for (let channel = 0; channel < channels; channel++) {
      const { fields } = perChannel[channel];
      let value = common + noise * random.normal();
      for (let band = 0; band < BANDS.length; band++)
        value += fields[band][0] * waves[band][0] + fields[band][1] * waves[band][1];
      signal[sample * channels + channel] = value;
    }
  }
  addUnits(random, signal, samples, channels);
  return Int16Array.from(signal, (value, at) => {
    const { gain, offset } = perChannel[at % channels];
    return Math.round(value * gain + offset);
  });
}

/** 250 units at 1 to 20 Hz, each seen by about ten channels. */
function addUnits(random: Random, signal: Float32Array, samples: number, channels: number): void {
  for (let unit = 0; unit < 250; unit++) {
    const home = random.below(channels);
    const depth = random.between(20, 160);
    const interval = RATE / random.between(1, 20);
    for (
      let begin = Math.floor(random.exponential(interval));
      begin < samples - SPIKE.length;
      begin += 60 + Math.floor(random.exponential(interval))
    )
      for (let channel = Math.max(0, home - 5); channel < Math.min(channels, home + 6); channel++) {
        const seen = depth * Math.exp(-((channel - home) ** 2) / 8);
        for (let at = 0; at < SPIKE.length; at++)
          signal[(begin + at) * channels + channel] -= seen * SPIKE[at];
      }
  }
}

const LONG_PROBE = [3 * RECORDING_CHUNK[0], 384] as const;

/** Standard deviation of the noise, in steps of the converter, for three probes. */
const NOISES = { quiet: 3, medium: 8, loud: 24 };

export const EPHYS: readonly Row[] = [
  {
    name: 'ephys-128',
    group: 'ephys',
    dtype: 'int16',
    shape: [8 * RECORDING_CHUNK[0], 128],
    chunk: RECORDING_CHUNK,
    make: (random) => tetrodes(random, 8 * RECORDING_CHUNK[0], 128),
  },
  ...Object.entries(NOISES).map(
    ([level, noise]): Row => ({
      name: `neuropixels-${level}`,
      group: 'ephys',
      dtype: 'int16',
      shape: LONG_PROBE,
      chunk: RECORDING_CHUNK,
      make: (random) => neuropixels(random, ...LONG_PROBE, noise),
    }),
  ),
];
