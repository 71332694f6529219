import { z } from 'zod';
import { objectName, text } from './text.js';

/** A recording system or a probe. */
export const deviceSchema = z.strictObject({
  name: objectName.describe('Name of the device in the file.'),
  description: text.optional().describe('Description of the device.'),
  manufacturer: text.optional().describe('Manufacturer of the device.'),
  modelName: text.optional().describe('Name of the model.'),
  modelNumber: text.optional().describe('Part number of the model.'),
  serialNumber: text.optional().describe('Serial number of the device.'),
});

/** Electrodes that belong together, such as a shank or a tetrode. */
export const electrodeGroupSchema = z.strictObject({
  name: objectName.describe('Name of the group in the file.'),
  description: text.describe('Description of the group.'),
  location: text.describe('Brain area.'),
  device: objectName.describe('Name of one of the `devices`.'),
});

export type ResolvedDevice = z.output<typeof deviceSchema>;
export type ResolvedElectrodeGroup = z.output<typeof electrodeGroupSchema>;
