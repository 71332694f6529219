import { Command, Option } from 'commander';
import { version } from '../version.js';
import { EXIT_HELP } from './exit-codes.js';
import {
  addCheckFlag,
  addFormatFlag,
  addJournalFlags,
  addJsonFlag,
  addModulesFlag,
  addOutputFlag,
  addRunFlags,
  addSetFlag,
  CHECK,
  type ConvertFlags,
  type DemoFlags,
  type InitFlags,
  type JournalFlags,
  type ManifestFlags,
  type OutputFlags,
  type PlanFlags,
  positiveNumber,
  type RecoverFlags,
  wholeNumber,
} from './flags.js';
import { keepStdoutForJson } from './output.js';
import type { TellFlags } from './several.js';

const MANIFEST =
  'Path of the manifest, YAML or JSON; relative paths in it start at its folder; - reads it from standard input, and its paths start at the working directory';
const MANIFESTS =
  'Paths of manifests, YAML or JSON, which are converted one after the other; relative paths in a manifest start at its folder; - reads one from standard input, and its paths start at the working directory';
const OUTPUTS = 'Paths of NWB files (NAME.nwb, NAME.nwb.partial or NAME.nwb.journal)';
const OUTPUT = 'Path of the NWB file (NAME.nwb, NAME.nwb.partial or NAME.nwb.journal)';

/**
 * The commands, their arguments and their options. `docs/command-line.md` is generated from them.
 *
 * Each command imports its implementation when it runs, so that help needs neither the library nor its
 * addon.
 */
export function makeProgram(): Command {
  const program = new Command('hyperslab')
    .description('Convert large neurophysiology recordings into NWB (HDF5) files on all cores.')
    .version(version, '-V, --version', 'Print the version number')
    .helpOption('-h, --help', 'Show this help')
    .helpCommand('help [command]', 'Show the help of a command')
    .option('--debug', 'Print the stack and the causes of an error')
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', EXIT_HELP)
    .configureOutput({
      // The caller prints the errors that are thrown, each in one line.
      outputError: () => {},
    })
    .exitOverride();
  program.hook('preAction', (_, command) => {
    if (command.opts<OutputFlags>().json) keepStdoutForJson();
  });
  addInit(program);
  addConvert(program);
  addResume(program);
  addRecover(program);
  addPlan(program);
  addInspect(program);
  addVerify(program);
  addFill(program);
  addDemo(program);
  return program;
}

function addInit(program: Command): void {
  program
    .command('init')
    .description('Write a manifest to begin with, whose comments explain its keys')
    .argument('[manifest]', 'Path of the manifest to write', 'session.yaml')
    .addOption(
      new Option('--type <type>', 'Describe a series of this type')
        .choices(['ElectricalSeries', 'TimeSeries'])
        .default('ElectricalSeries'),
    )
    .option('--raw <path>', 'Take the data from this raw binary file, whose size is checked')
    .option('--channels <count>', 'Set the number of channels', wholeNumber)
    .option('--rate <hertz>', 'Set the sampling rate, in samples per second', positiveNumber)
    .option('--dtype <dtype>', "Set the type of one element, such as 'int16'")
    .option('--offset <bytes>', 'Skip this many bytes at the start of the file', wholeNumber)
    .option(
      '-o, --output <path>',
      'Set the path of the NWB file (default: the name of the manifest with .nwb)',
    )
    .action(async (manifest: string, flags: InitFlags) => {
      const { initCommand } = await import('./init/init-command.js');
      process.exitCode = await initCommand(manifest, flags);
    });
}

function addConvert(program: Command): void {
  const convert = program
    .command('convert')
    .description('Write the NWB file that a manifest describes, or those of several manifests')
    .argument('<manifests...>', MANIFESTS)
    .option(
      '--overwrite',
      'Replace an existing file once the new one is complete, and discard an interrupted conversion to it',
    )
    .option('--resume', 'Resume an interrupted conversion to the same file, if there is one')
    .addOption(
      new Option(
        '--skip-existing',
        'Skip manifests whose output is there and complete; with --resume, interrupted ones are resumed, otherwise refused',
      ).conflicts('overwrite'),
    )
    .action(async (manifests: string[], flags: ConvertFlags, command: Command) => {
      const { convertCommand } = await import('./convert-command.js');
      const { debug } = command.optsWithGlobals<TellFlags>();
      process.exitCode = await convertCommand(manifests, { ...flags, debug });
    });
  addRunFlags(addSetFlag(addOutputFlag(convert)));
  addCheckFlag(addJournalFlags(addModulesFlag(convert)), CHECK.convert);
  addJsonFlag(addFormatFlag(convert), 'the report');
}

function addResume(program: Command): void {
  const resume = program
    .command('resume')
    .description('Resume an interrupted conversion from its journal')
    .argument('<files...>', OUTPUTS)
    .action(async (files: string[], flags: JournalFlags, command: Command) => {
      const { eachFile } = await import('./several.js');
      const { resumeCommand } = await import('./resume-command.js');
      process.exitCode = await eachFile(files, command.optsWithGlobals<TellFlags>(), (file) =>
        resumeCommand(file, flags),
      );
    });
  addCheckFlag(addJournalFlags(addModulesFlag(addRunFlags(resume))), CHECK.resume);
  addJsonFlag(resume, 'the report');
}

function addRecover(program: Command): void {
  const recover = program
    .command('recover')
    .description(
      'Finish an interrupted file with the data received so far, if the rest cannot be sent again',
    )
    .argument('<file>', OUTPUT)
    .option(
      '--incomplete',
      'Finish the file even if chunks are missing or damaged; they read as the fill value',
    )
    .action(async (file: string, flags: RecoverFlags) => {
      const { recoverCommand } = await import('./resume-command.js');
      process.exitCode = await recoverCommand(file, flags);
    });
  addCheckFlag(addModulesFlag(addRunFlags(recover)), CHECK.recover);
  addJsonFlag(recover, 'the report');
}

function addPlan(program: Command): void {
  const plan = program
    .command('plan')
    .description(
      'Show what convert would write, or fill with its manifest: shapes, chunks, jobs, memory and estimated size',
    )
    .argument('<manifest>', MANIFEST)
    .action(async (manifest: string, flags: PlanFlags) => {
      const { planCommand } = await import('./plan-command.js');
      process.exitCode = await planCommand(manifest, flags);
    });
  addRunFlags(addSetFlag(addOutputFlag(plan)));
  addJsonFlag(addFormatFlag(addModulesFlag(plan)), 'the plan');
}

function addInspect(program: Command): void {
  const inspect = program
    .command('inspect')
    .description(
      'Print the tree of an HDF5 file: shapes, chunks, filters, sizes and links; mark unreadable objects',
    )
    .argument('<files...>', 'Paths of HDF5 files')
    .action(async (files: string[], flags: OutputFlags, command: Command) => {
      const { eachFile } = await import('./several.js');
      const { guarded } = await import('./guarded.js');
      const { json, debug } = command.optsWithGlobals<TellFlags>();
      const options = [...(json ? ['--json'] : []), ...(debug ? ['--debug'] : [])];
      process.exitCode = await eachFile(files, { json, debug }, (file) =>
        guarded(file, ['inspect', ...options, '--', file], 'neurodata types', async (isCareful) => {
          const { inspectCommand } = await import('./inspect-command.js');
          return inspectCommand(file, flags, !isCareful);
        }),
      );
    });
  addJsonFlag(inspect, 'the tree');
}

function addVerify(program: Command): void {
  const verify = program
    .command('verify')
    .description(
      'Compare every value with the manifest and its sources; without a manifest, check every stored chunk against its checksum',
    )
    .argument('<file>', 'Path of the NWB file')
    .argument(
      '[manifest-or-files...]',
      'Path of the manifest that describes the file, or that filled datasets of it (- for standard input); or paths of further files to check against their checksums',
    )
    .action(async (file: string, others: string[], flags: ManifestFlags, command: Command) => {
      const { verifyCommand } = await import('./verify-command.js');
      const { debug } = command.optsWithGlobals<TellFlags>();
      process.exitCode = await verifyCommand([file, ...others], { ...flags, debug });
    });
  addJsonFlag(addModulesFlag(addRunFlags(addSetFlag(verify))), 'the result');
}

function addFill(program: Command): void {
  const fill = program
    .command('fill')
    .description('Fill datasets of an existing file from the sources that a manifest names')
    .argument(
      '<manifest>',
      "Path of a YAML or JSON file (- for standard input) with two keys: 'path', the existing file to fill, and 'datasets', which maps the path of each dataset in it to a source",
    )
    .action(async (manifest: string, flags: ManifestFlags) => {
      const { fillCommand } = await import('./fill-command.js');
      process.exitCode = await fillCommand(manifest, flags);
    });
  addJsonFlag(addModulesFlag(addRunFlags(addSetFlag(fill))), 'the report');
}

function addDemo(program: Command): void {
  const demo = program
    .command('demo')
    .description('Generate a recording like that of a Neuropixels probe, convert it and verify it')
    .option('--folder <path>', 'Write the recording, its manifest and the NWB file here', 'demo')
    .option('--megabytes <count>', 'Set the size of the recording, in MiB', wholeNumber, 256)
    .option('--record-only', 'Stop after generating the recording and its manifest')
    .action(async (flags: DemoFlags) => {
      const { demoCommand } = await import('./demo/demo-command.js');
      process.exitCode = await demoCommand(flags);
    });
  addJsonFlag(addFormatFlag(addRunFlags(demo)), 'the results');
}
