import { instead } from '../bad-input/refusal.js';
import type { Mistake } from './mistake.js';

const types = 'hyperslab plan session.yaml';
const exit = 2;

const time = (text: string) => instead('2026-01-15T10:00:00+01:00', text);

/** Dates, and the subject. */
export const DATES: readonly Mistake[] = [
  {
    user: 'forgets the zone',
    manifest: time('2026-01-15T10:00:00'),
    types,
    exit,
    sees: "error: session.yaml:5: Expected an ISO 8601 date and time with a zone, such as '2026-11-22T10:00:00+01:00', for nwbfile.sessionStartTime but received '2026-01-15T10:00:00'",
  },
  {
    user: 'gives a day only',
    manifest: time('2026-01-15'),
    types,
    exit,
    sees: "error: session.yaml:5: Expected an ISO 8601 date and time with a zone, such as '2026-11-22T10:00:00+01:00', for nwbfile.sessionStartTime but received '2026-01-15'",
  },
  {
    user: 'writes a date as in Germany',
    manifest: time('15.01.2026 10:00'),
    types,
    exit,
    sees: "error: session.yaml:5: Expected an ISO 8601 date and time with a zone, such as '2026-11-22T10:00:00+01:00', for nwbfile.sessionStartTime but received '15.01.2026 10:00'",
  },
  {
    user: 'writes a date as in the United States',
    manifest: time('1/15/2026 10:00 AM'),
    types,
    exit,
    sees: "error: session.yaml:5: Expected an ISO 8601 date and time with a zone, such as '2026-11-22T10:00:00+01:00', for nwbfile.sessionStartTime but received '1/15/2026 10:00 AM'",
  },
  {
    user: 'names the zone',
    manifest: time('2026-01-15T10:00:00 Europe/Berlin'),
    types,
    exit,
    sees: "error: session.yaml:5: Expected an ISO 8601 date and time with a zone, such as '2026-11-22T10:00:00+01:00', for nwbfile.sessionStartTime but received '2026-01-15T10:00:00 Europe/Berlin'",
  },
  {
    user: 'gives seconds since 1970',
    manifest: time('1768467600'),
    types,
    exit,
    sees: "error: session.yaml:5: Expected an ISO 8601 date and time with a zone, such as '2026-11-22T10:00:00+01:00', for nwbfile.sessionStartTime but received 1768467600",
  },
  {
    user: 'gives a month that does not exist',
    manifest: time('2026-15-01T10:00:00+01:00'),
    types,
    exit,
    sees: "error: session.yaml:5: Expected an ISO 8601 date and time with a zone, such as '2026-11-22T10:00:00+01:00', for nwbfile.sessionStartTime but received '2026-15-01T10:00:00+01:00'",
  },
  {
    user: 'writes the age in words',
    manifest: instead('P90D', '90 days'),
    types,
    exit,
    sees: "error: session.yaml:6: Expected an ISO 8601 duration such as 'P90D' (a range: 'P80D/P90D', 'P90D/'), for nwbfile.subject.age but received '90 days'",
  },
  {
    user: 'writes the age as a number',
    manifest: instead('P90D', '90'),
    types,
    exit,
    sees: "error: session.yaml:6: Expected an ISO 8601 duration such as 'P90D' (a range: 'P80D/P90D', 'P90D/'), for nwbfile.subject.age but received 90",
  },
  {
    user: 'writes the sex in words',
    manifest: instead('sex: M', 'sex: male'),
    types,
    exit,
    sees: "error: session.yaml:6: Expected 'M', 'F', 'O', 'U', 'XO' or 'XX' for nwbfile.subject.sex but received 'male'",
  },
  {
    user: 'writes the species in English',
    manifest: instead('Mus musculus', 'mouse'),
    types,
    exit: 0,
    sees: "warning: session.yaml:6: nwbfile.subject.species 'mouse' is not a Latin binomial such as 'Mus musculus'",
  },
  {
    user: 'writes the date of birth as in Germany',
    manifest: instead('age: P90D', 'dateOfBirth: 01.06.2025'),
    types,
    exit,
    sees: "error: session.yaml:6: Expected a date such as '2026-11-22', or a date and time with a zone such as '2026-11-22T10:00:00+01:00', for nwbfile.subject.dateOfBirth but received '01.06.2025'",
  },
  {
    user: 'forgets the subject',
    manifest: instead(/ {2}subject: .*\n/, ''),
    types,
    exit: 0,
    sees: 'warning: session.yaml:2: nwbfile.subject is missing',
  },
];
