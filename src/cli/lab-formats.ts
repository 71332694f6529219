/** A file format of laboratories, or of scientific data, that is no manifest. */
export interface LabFormat {
  /** What the file is, with its article: `an Intan RHD file`. */
  readonly what: string;
  /** Matches the names of its files. */
  readonly name: RegExp;
  /** First bytes of its files, each as latin-1; left out if they have none of their own. */
  readonly magic?: readonly string[];
  /** What to do with it today; begins with a verb or a subject. */
  readonly advice: string;
}

const NEUROCONV = "hyperslab can't read it yet; NeuroConv converts it";

/** @param layout dtype and shape of the samples, as a manifest gives them */
const raw = (samples: string, layout: string): string =>
  `write a manifest that describes ${samples} with \`type: raw\` (${layout}; see docs/manifest.md)`;

/**
 * The formats by name or first bytes; the first one that fits is meant. Those whose samples lie in a plain array can be
 * converted with a `raw` source.
 */
export const LAB_FORMATS: readonly LabFormat[] = [
  {
    what: 'a SpikeGLX file',
    name: /\.(imec\d*|nidq|obx\d*)(\.(ap|lf|obx))?\.(bin|meta)$|\.meta$/i,
    advice: raw(
      'the samples of the .bin file',
      'dtype int16, shape [null, nSavedChans of the .meta file]',
    ),
  },
  {
    what: 'a file of Open Ephys (binary format)',
    name: /^(structure\.oebin|continuous\.dat)$/i,
    advice: raw(
      'the samples of continuous.dat',
      'dtype int16, shape [null, num_channels of structure.oebin]',
    ),
  },
  {
    what: 'a file of Open Ephys (legacy format)',
    name: /\.continuous$/i,
    magic: ["header.format = 'Open Ephys Data Format'"],
    advice: NEUROCONV,
  },
  {
    what: 'a file of Intan, one file per signal type or channel',
    name: /^(amplifier|lowpass|auxiliary|analogin|dcamplifier)\.dat$|^amp-[A-Z]-\d+\.dat$|^info\.(rhd|rhs)$/i,
    advice: raw(
      'the samples of amplifier.dat, or a stack of the amp-*.dat files',
      'dtype int16, shape [null, number of channels in the file]',
    ),
  },
  {
    what: 'an Intan RHD file',
    name: /\.rhd$/i,
    magic: ['\x02\x27\x91\xc6'],
    advice: NEUROCONV,
  },
  {
    what: 'an Intan RHS file',
    name: /\.rhs$/i,
    magic: ['\xac\x27\x91\xd6'],
    advice: NEUROCONV,
  },
  {
    what: 'a Blackrock file',
    name: /\.ns[1-9]$/i,
    magic: ['NEURALSG', 'NEURALCD', 'BRSMPGRP', 'NEURALEV', 'BREVENTS'],
    advice: NEUROCONV,
  },
  {
    what: 'a Neuralynx file',
    name: /\.(ncs|nse|ntt|nst|nvt|nrd)$/i,
    magic: ['########'],
    advice: NEUROCONV,
  },
  {
    what: 'an EDF file',
    name: /\.edf$/i,
    magic: ['0       '],
    advice: NEUROCONV,
  },
  { what: 'a BDF file', name: /\.bdf$/i, magic: ['\xffBIOSEMI'], advice: NEUROCONV },
  { what: 'an Axon ABF file', name: /\.abf$/i, magic: ['ABF ', 'ABF2'], advice: NEUROCONV },
  { what: 'a file of a TDT tank', name: /\.(tev|tsq|tbk|tdx|tnt|tin|sev)$/i, advice: NEUROCONV },
  { what: 'a Plexon file', name: /\.(plx|pl2)$/i, magic: ['PLEX'], advice: NEUROCONV },
  { what: 'a SpikeGadgets file', name: /\.rec$/i, advice: NEUROCONV },
  { what: 'a Spike2 file (CED)', name: /\.smrx?$/i, advice: NEUROCONV },
  { what: 'a file of Multi Channel Systems', name: /\.mcd$/i, advice: NEUROCONV },
  { what: 'a 3Brain file', name: /\.(brw|bxr)$/i, advice: NEUROCONV },
  {
    what: 'a BrainVision file',
    name: /\.(vhdr|vmrk)$/i,
    magic: ['Brain Vision', 'BrainVision'],
    advice: raw(
      'the samples of the .eeg file',
      'dtype and number of channels as in the .vhdr file, shape [null, channels]',
    ),
  },
  {
    what: 'a file compressed by mtscomp',
    name: /\.cbin$/i,
    advice: `decompress it with mtscomp, then ${raw('its samples', 'dtype int16, shape [null, channels]')}`,
  },
  {
    what: 'a MATLAB file',
    name: /\.mat$/i,
    magic: ['MATLAB 5.0 MAT-file', 'MATLAB 7.3 MAT-file'],
    advice: `save its array with fwrite, then ${raw('that file', "dtype, shape, and order 'F'")}`,
  },
  {
    what: 'an array of NumPy',
    name: /\.npy$/i,
    magic: ['\x93NUMPY'],
    advice: 'write a manifest that names it with `type: npy` (see docs/manifest.md)',
  },
  {
    what: 'a TIFF file',
    name: /\.tiff?$/i,
    magic: ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'],
    advice: NEUROCONV,
  },
  {
    what: 'an archive',
    name: /\.(zip|gz|7z|tar|tgz|xz|zst)$/i,
    magic: ['PK\x03\x04', '\x1f\x8b'],
    advice: 'unpack it first',
  },
];

/** Files that hold nothing but samples, if their names tell the truth. */
export const PLAIN_SAMPLES: LabFormat = {
  what: 'what seems to be a file of plain samples',
  name: /\.(dat|bin|raw|lfp|eeg)$/i,
  advice: raw('its samples', 'dtype, often int16; shape [null, channels]'),
};

/** A Zarr array or group is a folder with one of these files. */
export const ZARR = {
  what: 'a Zarr folder',
  name: /^(\.zarray|\.zgroup|\.zmetadata|zarr\.json)$/,
  advice: NEUROCONV,
} as const satisfies LabFormat;
