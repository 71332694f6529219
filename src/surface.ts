/**
 * How messages name what users can do. A program passes options to functions; at a shell the same is a flag of a
 * command. Messages ask for these words, so that each surface speaks of what its users can type.
 */
export interface Surface {
  /** Names an option: `overwrite`. */
  option(name: string): string;
  /** Names an option with its value: `libver 'v110'`. */
  setting(name: string, value: string): string;
  /** Says that an option is off: `the option modules is false`. */
  off(name: string): string;
  /** Asks to convert again into `output`, as a verb phrase: `call convert() with the option resume`. */
  convert(output: string, option: string): string;
  /** Asks to recover the data that `output` has received, as a verb phrase. */
  recover(output: string): string;
}

const program: Surface = {
  option: (name) => name,
  setting: (name, value) => `${name} '${value}'`,
  off: (name) => `the option ${name} is false`,
  convert: (_, option) => `call convert() with the option ${option}`,
  recover: () => 'call recover()',
};

let present = program;

/** Words all later messages of this process for one surface. Default: a program. */
export function speakTo(surface: Surface = program): void {
  present = surface;
}

/** The surface that the process has. */
export function surface(): Surface {
  return present;
}

/** Names an option as the surface does: `overwrite`, or `--overwrite` on the command line. */
export function optionName(name: string): string {
  return present.option(name);
}
