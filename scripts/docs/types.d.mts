import type { z } from 'zod';

export function typeModules(
  convert: z.ZodType,
  fill: z.ZodType,
  storage: z.ZodType,
  literals: Readonly<Record<string, readonly string[]>>,
): { readonly spec: string; readonly types: string };
