/** What terminals obey, or hide, in place of showing it: controls, ends of lines, directions of text. */
const OBEYED = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/**
 * Text of others in one line, with escapes (`\u001b`) for what a terminal would obey: names and values
 * come from files of strangers.
 */
export function printable(text: string): string {
  return text.replace(OBEYED, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The same for text of several lines. Of a JSON document it changes nothing that it says. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}
