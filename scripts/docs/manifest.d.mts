import type { z } from 'zod';

/** The text of docs/manifest.md. */
export function manifestPage(convert: z.ZodType, fill: z.ZodType): string;
