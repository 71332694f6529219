/** Optional columns that the NWB schema defines for the electrodes table, with shortened descriptions. */
export const STANDARD_COLUMNS: Readonly<
  Record<string, { readonly kind: 'float' | 'text'; readonly description: string }>
> = {
  x: { kind: 'float', description: 'x coordinate of the channel in the brain (+x is posterior)' },
  y: { kind: 'float', description: 'y coordinate of the channel in the brain (+y is inferior)' },
  z: { kind: 'float', description: 'z coordinate of the channel in the brain (+z is right)' },
  imp: { kind: 'float', description: 'impedance of the channel, in ohms' },
  filtering: { kind: 'text', description: 'hardware filtering, with its kind and cutoffs' },
  rel_x: { kind: 'float', description: 'x coordinate in the electrode group' },
  rel_y: { kind: 'float', description: 'y coordinate in the electrode group' },
  rel_z: { kind: 'float', description: 'z coordinate in the electrode group' },
  reference: { kind: 'text', description: 'the electrode or signal used as reference' },
};

/** Names that the table itself uses. Readers can't open a file that has a column of one of these names. */
export const RESERVED_COLUMNS: readonly string[] = [
  'colnames',
  'description',
  'meanings_tables',
  'namespace',
  'neurodata_type',
  'object_id',
];

/** Columns that every electrodes table has. They are made from `group` and `location` of the rows. */
export const REQUIRED_COLUMNS = ['location', 'group', 'group_name'] as const;
