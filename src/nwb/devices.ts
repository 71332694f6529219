import type { ResolvedDevice, ResolvedElectrodeGroup } from '../description/index.js';
import { type TreeContext, typed } from './context.js';
import { type Attributes, type GroupNode, group, link } from './node.js';
import { text } from './values.js';

/** Absolute path of a device. */
export function devicePath(name: string): string {
  return `/general/devices/${name}`;
}

/** Absolute path of an electrode group. */
export function electrodeGroupPath(name: string): string {
  return `/general/extracellular_ephys/${name}`;
}

/** A Device, such as a recording system or a probe. */
export function deviceGroup(device: ResolvedDevice, context: TreeContext): GroupNode {
  const fields: [string, string | undefined][] = [
    ['description', device.description],
    ['manufacturer', device.manufacturer],
    ['model_name', device.modelName],
    ['model_number', device.modelNumber],
    ['serial_number', device.serialNumber],
  ];
  const attributes: Attributes = Object.fromEntries(
    fields.flatMap(([name, value]) => (value === undefined ? [] : [[name, text(value)]])),
  );
  return group({ ...typed(context, 'core', 'Device'), ...attributes });
}

/** An ElectrodeGroup, such as a shank or a tetrode. */
export function electrodeGroup(described: ResolvedElectrodeGroup, context: TreeContext): GroupNode {
  const attributes = {
    ...typed(context, 'core', 'ElectrodeGroup'),
    description: text(described.description),
    location: text(described.location),
  };
  return group(attributes, [['device', link(devicePath(described.device))]]);
}
