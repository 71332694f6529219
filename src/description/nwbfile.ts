import { z } from 'zod';
import { expecting, isoTime, text, textList } from './text.js';

const DURATION =
  /^P(?!$)(\d+(\.\d+)?Y)?(\d+(\.\d+)?M)?(\d+(\.\d+)?W)?(\d+(\.\d+)?D)?(T(?=\d)(\d+(\.\d+)?H)?(\d+(\.\d+)?M)?(\d+(\.\d+)?S)?)?$/;

/** A duration, or a range of two with at most one end left open. */
function isAge(value: string): boolean {
  const ends = value.split('/');
  if (ends.length > 2 || ends.every((end) => end === '')) return false;
  return ends.every((end) => DURATION.test(end) || (end === '' && ends.length === 2));
}

const age = z
  .string()
  .refine(isAge, expecting("an ISO 8601 duration such as 'P90D' (a range: 'P80D/P90D', 'P90D/'),"));

/** Who was recorded. Field names are PyNWB's, in camelCase. */
export const subjectSchema = z.strictObject({
  subjectId: text.optional().describe('Identifier of the subject within the lab'),
  species: text.optional().describe("Latin binomial, e.g. 'Mus musculus', or an NCBI taxonomy URL"),
  sex: z
    .enum(['M', 'F', 'O', 'U', 'XO', 'XX'])
    .optional()
    .describe('M(ale), F(emale), O(ther), U(nknown); XO and XX for C. elegans only'),
  age: age.optional().describe("ISO 8601 duration, e.g. 'P90D'"),
  ageReference: z.enum(['birth', 'gestational']).optional().describe("Default 'birth'"),
  dateOfBirth: isoTime.optional(),
  description: text.optional(),
  genotype: text.optional(),
  strain: text.optional(),
  weight: z
    .union([
      text,
      z
        .number()
        .positive()
        .transform((kilograms) => `${kilograms} kg`),
    ])
    .optional()
    .describe("Amount and unit, e.g. '23 g'; a bare number is in kg"),
});

/** The session: NWBFile's own fields. Names are PyNWB's, in camelCase. */
export const nwbfileSchema = z.strictObject({
  sessionDescription: text.describe('What was done in this session, in a sentence'),
  identifier: text.describe('Unique among all files'),
  sessionStartTime: isoTime.describe('ISO 8601 with zone'),
  timestampsReferenceTime: isoTime.optional().describe('Time zero; default the session start'),
  sessionId: text.optional().describe('Identifier of the session within the lab'),
  experimenter: textList.optional().describe("Who ran it, as 'Last, First'"),
  institution: text.optional(),
  lab: text.optional(),
  keywords: textList.optional(),
  experimentDescription: text.optional(),
  notes: text.optional(),
  pharmacology: text.optional(),
  protocol: text.optional(),
  relatedPublications: textList.optional().describe("As 'doi:…' or 'https://doi.org/…'"),
  slices: text.optional(),
  sourceScript: text.optional().describe('Script that makes the file; needs sourceScriptFileName'),
  sourceScriptFileName: text.optional(),
  stimulusNotes: text.optional(),
  surgery: text.optional(),
  virus: text.optional(),
  dataCollection: text.optional(),
  wasGeneratedBy: z
    .array(z.tuple([text, text]))
    .min(1)
    .optional()
    .describe('Pairs of software and version; default hyperslab alone'),
  subject: subjectSchema.optional(),
});

export type ResolvedNwbFile = z.output<typeof nwbfileSchema>;
export type ResolvedSubject = z.output<typeof subjectSchema>;
