/** What did not fit. */
export interface SourceErrorFields {
  /** The file at fault. */
  readonly path: string;
  readonly expected: string;
  readonly received: string;
  /** How the message names the file; default `in PATH`. */
  readonly where?: string;
}

/** A source that does not fit its description, or its files. */
export class SourceError extends Error {
  readonly tag = 'SourceError';
  readonly fields: SourceErrorFields;

  constructor(fields: SourceErrorFields, options?: ErrorOptions) {
    const where = fields.where ?? `in ${fields.path}`;
    super(`Expected ${fields.expected} ${where} but received ${fields.received}`, options);
    this.name = 'SourceError';
    this.fields = fields;
  }
}

/** `1 byte`, `231 bytes`: a number with its unit, as messages give it. */
export function plural(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** A text as messages quote it: short, and in one line that no terminal takes for commands. */
export function excerpt(text: string, most = 60): string {
  const shown = text.length > most ? `${text.slice(0, most - 3)}...` : text;
  return shown.replaceAll(/[\p{Cc}\p{Cs}\u2028\u2029]/gu, (character) => {
    const code = character.charCodeAt(0).toString(16);
    return character === '\n' ? '\\n' : `\\u${code.padStart(4, '0')}`;
  });
}

/** The message of whatever was thrown. */
export function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
