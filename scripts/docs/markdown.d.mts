/** The anchor that GitHub gives a heading. */
export function anchorOf(heading: string): string;
