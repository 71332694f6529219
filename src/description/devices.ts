import { z } from 'zod';
import { objectName, text } from './text.js';

/** A recording system or a probe. */
export const deviceSchema = z.strictObject({
  name: objectName,
  description: text.optional(),
  manufacturer: text.optional(),
  modelName: text.optional(),
  modelNumber: text.optional(),
  serialNumber: text.optional(),
});

/** Electrodes that belong together: a shank, a tetrode. */
export const electrodeGroupSchema = z.strictObject({
  name: objectName,
  description: text,
  location: text.describe('Brain area'),
  device: objectName.describe('Name of one of the devices'),
});

export type ResolvedDevice = z.output<typeof deviceSchema>;
export type ResolvedElectrodeGroup = z.output<typeof electrodeGroupSchema>;
