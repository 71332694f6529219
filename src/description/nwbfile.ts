import { z } from 'zod';
import type { ResolvedNwbFile } from './resolved.js';
import { isDate, isoDateOrTime, isoTime, text, textList, textOfForm, zoneOf } from './text.js';

const DURATION =
  /^P(?=[\dT])(\d+(\.\d+)?Y)?(\d+(\.\d+)?M)?(\d+(\.\d+)?W)?(\d+(\.\d+)?D)?(T(?=\d)(\d+(\.\d+)?H)?(\d+(\.\d+)?M)?(\d+(\.\d+)?S)?)?$/;

const ONE = DURATION.source.slice(1, -1);
/** What {@link isAge} accepts, as one pattern. */
const AGE = `^(${ONE}(/(${ONE})?)?|/${ONE})$`;

/** A duration, or a range of two durations of which one end may be open. */
function isAge(value: string): boolean {
  const ends = value.split('/');
  if (ends.length > 2 || ends.every((end) => end === '')) return false;
  return ends.every((end) => DURATION.test(end) || (end === '' && ends.length === 2));
}

const age = textOfForm(
  isAge,
  "an ISO 8601 duration such as 'P90D' (a range: 'P80D/P90D', 'P90D/'),",
).meta({ pattern: AGE });

const subjectSchema = z
  .strictObject({
    subjectId: text.optional().describe('Identifier of the subject within the lab.'),
    species: text
      .optional()
      .describe("Latin binomial such as 'Mus musculus', or an NCBI taxonomy URL."),
    sex: z
      .enum(['M', 'F', 'O', 'U', 'XO', 'XX'])
      .optional()
      .describe('Male, female, other or unknown; XO and XX are for C. elegans.'),
    age: age
      .optional()
      .describe("Age as an ISO 8601 duration such as 'P90D', or a range such as 'P80D/P90D'."),
    ageReference: z
      .enum(['birth', 'gestational'])
      .optional()
      .describe('Event from which the age counts. Default: birth.'),
    dateOfBirth: isoDateOrTime
      .optional()
      .describe(
        'Date of birth, ISO 8601: with a time and a zone, or the date alone, which is stored as midnight in the zone of `sessionStartTime`, because NWB requires a time.',
      ),
    description: text.optional().describe('Description of the subject.'),
    genotype: text.optional().describe('Genetic strain or modifications.'),
    strain: text.optional().describe('Strain of the subject.'),
    weight: z
      .union([
        text,
        z
          .number()
          .positive()
          .transform((kilograms) => `${kilograms} kg`),
      ])
      .optional()
      .describe("Weight with its unit, such as '23 g'; a bare number is in kilograms."),
  })
  .describe("The recorded subject. Names are PyNWB's, in camelCase.");

/** @internal */
export const nwbfileSchema = z
  .strictObject({
    sessionDescription: text.describe('What was done in this session, in a sentence.'),
    identifier: text.describe('Identifier of the file, unique among all files.'),
    sessionStartTime: isoTime.describe('Start of the session, ISO 8601 with a time zone.'),
    timestampsReferenceTime: isoTime
      .optional()
      .describe(
        'Time zero of all times in the file, ISO 8601 with a time zone. Default: the start of the session.',
      ),
    sessionId: text.optional().describe('Identifier of the session within the lab.'),
    experimenter: textList.optional().describe("Experimenters, each as 'Last, First'."),
    institution: text.optional().describe('Institution at which the session took place.'),
    lab: text.optional().describe('Lab in which the session took place.'),
    keywords: textList.optional().describe('Terms to search for.'),
    experimentDescription: text.optional().describe('Description of the experiment as a whole.'),
    notes: text.optional().describe('Notes about the experiment.'),
    pharmacology: text
      .optional()
      .describe('Drugs: how and when they were given, and their concentrations.'),
    protocol: text.optional().describe('Experimental protocol, such as an approval number.'),
    relatedPublications: textList
      .optional()
      .describe("Publications, each as 'doi:…' or 'https://doi.org/…'."),
    slices: text
      .optional()
      .describe('Brain slices: preparation, thickness, orientation, temperature and bath.'),
    sourceScript: text
      .optional()
      .describe('Script that creates the file; needs `sourceScriptFileName`.'),
    sourceScriptFileName: text.optional().describe('File name of `sourceScript`.'),
    stimulusNotes: text.optional().describe('Notes about the stimuli.'),
    surgery: text.optional().describe('Surgeries: what was done, by whom and when.'),
    virus: text
      .optional()
      .describe('Viruses: identifiers, sources, volumes and sites of injection.'),
    dataCollection: text.optional().describe('Notes about data collection and analysis.'),
    wasGeneratedBy: z
      .array(z.tuple([text, text]))
      .min(1)
      .optional()
      .describe('Pairs of a program and its version. Default: hyperslab and its version.'),
    subject: subjectSchema.optional().describe('The recorded subject.'),
  })
  .describe("The session: NWBFile's own fields. Names are PyNWB's, in camelCase.");

/** Completes a date of birth without a time to midnight, in the zone in which the session started. */
export function withTimeOfBirth(nwbfile: ResolvedNwbFile): ResolvedNwbFile {
  const { subject, sessionStartTime } = nwbfile;
  const date = subject?.dateOfBirth;
  if (date === undefined || !isDate(date)) return nwbfile;
  const dateOfBirth = `${date}T00:00:00${zoneOf(sessionStartTime)}`;
  return { ...nwbfile, subject: { ...subject, dateOfBirth } };
}
