#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { version } from '../version.js';
import { EXIT, EXIT_HELP } from './exit-codes.js';
import { failureOf } from './failures.js';
import {
  addCheckFlag,
  addFormatFlag,
  addJournalFlags,
  addJsonFlag,
  addModulesFlag,
  addOutputFlag,
  addRunFlags,
  type ConvertFlags,
  type DemoFlags,
  type JournalFlags,
  type OutputFlags,
  type PlanFlags,
  type RecoverFlags,
  type RunFlags,
  wholeNumber,
} from './flags.js';
import { keepStdoutForJson, tolerateClosedOutput } from './output.js';

const program = new Command('hyperslab')
  .description('Large neurophysiology recordings into NWB (HDF5) files, on all cores.')
  .version(version)
  .option('--debug', 'with an error, print its stack and its causes')
  .configureHelp({ showGlobalOptions: true })
  .addHelpText('after', EXIT_HELP)
  .configureOutput({
    // commander puts its suggestions on a line of their own.
    outputError: (text, write) => write(`${text.trim().replaceAll(/\s*\n\s*/g, ' ')}\n`),
  })
  .exitOverride();

// Commands are loaded when they run: help needs neither the library nor its addon.

const convert = program
  .command('convert')
  .description('write the NWB file that a manifest describes')
  .argument('<manifest>', 'YAML or JSON; its relative paths count from its folder')
  .option(
    '--overwrite',
    'replace an existing file, once the new one is complete; begin anew what was interrupted',
  )
  .option('--resume', 'go on with one that was interrupted, if there is one')
  .action(async (manifest: string, flags: ConvertFlags) => {
    const { convertCommand } = await import('./convert-command.js');
    process.exitCode = await convertCommand(manifest, flags);
  });
addJournalFlags(addModulesFlag(addRunFlags(addOutputFlag(convert))));
addJsonFlag(addFormatFlag(convert), 'the report');

const resume = program
  .command('resume')
  .description('go on with a conversion that was interrupted, from its journal')
  .argument('<file>', 'the NWB file to be, NAME.nwb (or NAME.nwb.partial, NAME.nwb.journal)')
  .action(async (file: string, flags: JournalFlags) => {
    const { resumeCommand } = await import('./resume-command.js');
    process.exitCode = await resumeCommand(file, flags);
  });
addJsonFlag(addJournalFlags(addModulesFlag(addRunFlags(resume))), 'the report');

const recover = program
  .command('recover')
  .description('complete a file with what came, for data that can not be brought again')
  .argument('<file>', 'the NWB file to be, NAME.nwb (or NAME.nwb.partial, NAME.nwb.journal)')
  .option(
    '--incomplete',
    'also where chunks of sources are missing, which then read as the fill value',
  )
  .action(async (file: string, flags: RecoverFlags) => {
    const { recoverCommand } = await import('./resume-command.js');
    process.exitCode = await recoverCommand(file, flags);
  });
addJsonFlag(addCheckFlag(addModulesFlag(addRunFlags(recover))), 'the report');

const plan = program
  .command('plan')
  .description('tell what convert would write: shapes, chunks, jobs, memory, estimated size')
  .argument('<manifest>', 'YAML or JSON; its relative paths count from its folder')
  .action(async (manifest: string, flags: PlanFlags) => {
    const { planCommand } = await import('./plan-command.js');
    process.exitCode = await planCommand(manifest, flags);
  });
addJsonFlag(addFormatFlag(addModulesFlag(addRunFlags(addOutputFlag(plan)))), 'the plan');

const inspect = program
  .command('inspect')
  .description(
    'print the tree of an HDF5 file: shapes, chunks, filters, sizes, links; objects that can not be read are marked',
  )
  .argument('<file>', 'any HDF5 file')
  .action(async (file: string, flags: OutputFlags) => {
    const { guarded } = await import('./guarded.js');
    process.exitCode = await guarded(file, 'neurodata types', async (isCareful) => {
      const { inspectCommand } = await import('./inspect-command.js');
      return inspectCommand(file, flags, !isCareful);
    });
  });
addJsonFlag(inspect, 'the tree');

const verify = program
  .command('verify')
  .description(
    'compare every value of every dataset with the manifest and its sources, or without a manifest every stored chunk with its checksum',
  )
  .argument('<file>', 'the NWB file')
  .argument('[manifest]', 'the manifest that describes it')
  .action(async (file: string, manifest: string | undefined, flags: RunFlags) => {
    const { verifyCommand } = await import('./verify-command.js');
    process.exitCode = await verifyCommand(file, manifest, flags);
  });
addJsonFlag(addModulesFlag(addRunFlags(verify)), 'the result');

const fill = program
  .command('fill')
  .description('fill datasets of a file that is there, as a manifest says')
  .argument('<manifest>', 'YAML or JSON: path, and a source for each of datasets')
  .action(async (manifest: string, flags: RunFlags) => {
    const { fillCommand } = await import('./fill-command.js');
    process.exitCode = await fillCommand(manifest, flags);
  });
addJsonFlag(addModulesFlag(addRunFlags(fill)), 'the report');

const demo = program
  .command('demo')
  .description('make a recording like that of a Neuropixels probe, convert and verify it')
  .option('--folder <path>', 'where its three files go', 'demo')
  .option('--megabytes <count>', 'size of the recording, MiB', wholeNumber, 256)
  .option('--record-only', 'make the recording and its manifest, and stop')
  .action(async (flags: DemoFlags) => {
    const { demoCommand } = await import('./demo/demo-command.js');
    process.exitCode = await demoCommand(flags);
  });
addJsonFlag(addFormatFlag(addRunFlags(demo)), 'what was done');

/** See https://nodejs.org/api/process.html#exit-codes */
const UNSETTLED = 13;

program.hook('preAction', (_, command) => {
  if (command.opts<OutputFlags>().json) keepStdoutForJson();
});

tolerateClosedOutput();
process.on('exit', () => {
  // Node's own for a program that waits for something that will never come.
  if (process.exitCode === UNSETTLED)
    process.stderr.write(
      'error: a module of the manifest never answered: its promise is not settled\n',
    );
});
try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.refused;
  } else {
    const { text, exitCode } = failureOf(error, program.opts<{ debug?: boolean }>().debug);
    process.stderr.write(`${text}\n`);
    process.exitCode = exitCode;
  }
}
