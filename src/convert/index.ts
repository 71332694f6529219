/**
 * The life of one file: it is converted, resumed after an interruption, or completed with the data that came.
 *
 *     const report = await convert(description, { workers: 8, memory: '4GiB' });
 *     await resume('session.nwb'); // after the process was killed
 *     await recover('stream.nwb'); // for data that no program can send again
 */

export type { ConversionReport } from './conversion.js';
export { convert } from './convert.js';
export { type RecoverOptions, recover } from './resume/recover.js';
export { type ResumeOptions, resume } from './resume/resume.js';
