import { z } from 'zod';
import { objectName, text } from './text.js';

/** @internal */
export const deviceSchema = z
  .strictObject({
    name: objectName.describe('Name of the device in the file.'),
    description: text.optional().describe('Description of the device.'),
    manufacturer: text.optional().describe('Manufacturer of the device.'),
    modelName: text.optional().describe('Name of the model.'),
    modelNumber: text.optional().describe('Part number of the model.'),
    serialNumber: text.optional().describe('Serial number of the device.'),
  })
  .describe('A recording system or a probe.');

/** @internal */
export const electrodeGroupSchema = z
  .strictObject({
    name: objectName.describe('Name of the group in the file.'),
    description: text.describe('Description of the group.'),
    location: text.describe('Brain area.'),
    device: objectName.describe('Name of one of the `devices`.'),
  })
  .describe('Electrodes that belong together, such as a shank or a tetrode.');
