import type { z } from 'zod';

export function manifestSchema(convert: z.ZodType, fill: z.ZodType): string;
