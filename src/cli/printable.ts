/** Characters that a terminal interprets or hides: controls, line separators, text directions. */
const OBEYED = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/**
 * Untrusted text on one line, with escapes (`\u001b`) for characters that a terminal would interpret:
 * names and values may come from a file that someone else made.
 */
export function printable(text: string): string {
  return text.replace(OBEYED, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The same for text of several lines. The content of a JSON document stays the same. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}
