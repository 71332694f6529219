/** Random numbers that are the same in every run: xoshiro128** of Blackman and Vigna, seeded by a name. */
export class Random {
  readonly #state = new Uint32Array(4);
  #spare: number | undefined;

  constructor(name: string) {
    // FNV-1a of the name, spread over the state by splitmix32.
    let seed = 0x811c9dc5;
    for (const letter of Buffer.from(name)) seed = Math.imul(seed ^ letter, 0x01000193);
    for (let at = 0; at < 4; at++) {
      seed = (seed + 0x9e3779b9) | 0;
      let mixed = Math.imul(seed ^ (seed >>> 16), 0x85ebca6b);
      mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
      this.#state[at] = mixed ^ (mixed >>> 16);
    }
  }

  /** From 0 to 2^32 - 1. */
  u32(): number {
    const state = this.#state;
    const turned = rotate(Math.imul(state[1], 5), 7);
    const shifted = state[1] << 9;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = rotate(state[3], 11);
    return Math.imul(turned, 9) >>> 0;
  }

  /** Between 0 and 1, both exclusive. */
  uniform(): number {
    return (this.u32() + 0.5) / 2 ** 32;
  }

  /** Between two numbers. */
  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /** A whole number from 0 up to, but not including, a bound. */
  below(bound: number): number {
    return Math.floor(this.uniform() * bound);
  }

  /** Mean 0, standard deviation 1, by the method of Box and Muller. */
  normal(): number {
    if (this.#spare !== undefined) {
      const spare = this.#spare;
      this.#spare = undefined;
      return spare;
    }
    const radius = Math.sqrt(-2 * Math.log(this.uniform()));
    const angle = 2 * Math.PI * this.uniform();
    this.#spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  exponential(mean: number): number {
    return -mean * Math.log(this.uniform());
  }

  /** By Knuth's product of uniforms. For a mean of 30 or more, a rounded normal is close enough. */
  poisson(mean: number): number {
    if (mean >= 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * this.normal()));
    const end = Math.exp(-mean);
    let count = 0;
    for (let product = this.uniform(); product > end; product *= this.uniform()) count++;
    return count;
  }
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}
