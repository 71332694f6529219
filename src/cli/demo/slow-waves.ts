/** A rhythm of the field potential, strongest at one depth, with a phase that shifts along the probe. */
interface Wave {
  readonly hertz: number;
  /** Least significant bits. */
  readonly amplitude: number;
  /** Depth of the largest amplitude (0 to 1), and the width of its Gaussian fall-off. */
  readonly depth: number;
  readonly width: number;
  /** Phase shift from one end of the probe to the other, in turns. */
  readonly turns: number;
}

const WAVES: readonly Wave[] = [
  { hertz: 0.7, amplitude: 35, depth: 0.3, width: 0.5, turns: 0.1 },
  { hertz: 2.3, amplitude: 20, depth: 0.6, width: 0.4, turns: 0.3 },
  { hertz: 7.9, amplitude: 30, depth: 0.75, width: 0.2, turns: 0.5 },
];

/** The slow part of the signal: an offset per channel, plus the waves. */
export class SlowWaves {
  readonly #offsets: Float64Array;
  readonly #rate: number;
  /** For each wave, the amplitude on each channel times the cosine and the sine of its phase. */
  readonly #parts: readonly { wave: Wave; cosine: Float64Array; sine: Float64Array }[];

  /** @param rate samples per second */
  constructor(channels: number, rate: number, random: () => number) {
    this.#rate = rate;
    this.#offsets = Float64Array.from({ length: channels }, () => Math.round(random() * 16 - 8));
    this.#parts = WAVES.map((wave) => {
      const amplitude = (channel: number) =>
        wave.amplitude * Math.exp(-(((channel / channels - wave.depth) / wave.width) ** 2));
      const phase = (channel: number) => 2 * Math.PI * wave.turns * (channel / channels);
      const along = (part: (channel: number) => number) =>
        Float64Array.from({ length: channels }, (_, channel) => amplitude(channel) * part(channel));
      return {
        wave,
        cosine: along((channel) => Math.cos(phase(channel))),
        sine: along((channel) => Math.sin(phase(channel))),
      };
    });
  }

  /** Writes the level of each channel at a sample to `into`, in least significant bits. */
  levels(sample: number, into: Float64Array): void {
    into.set(this.#offsets);
    for (const { wave, cosine, sine } of this.#parts) {
      const turn = (2 * Math.PI * wave.hertz * sample) / this.#rate;
      const [s, c] = [Math.sin(turn), Math.cos(turn)];
      // sin(turn + phase), expanded so that no sine is computed per channel.
      for (let channel = 0; channel < into.length; channel++)
        into[channel] += s * cosine[channel] + c * sine[channel];
    }
  }
}
