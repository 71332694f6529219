/**
 * The life of one file: converted, resumed after an interruption, or completed with what came.
 *
 *     const report = await convert(description, { workers: 8, memory: '4GiB' });
 *     await resume('session.nwb'); // after the process was killed
 *     await recover('stream.nwb'); // for data that can't be brought again
 */

export type { ConversionReport } from './conversion.js';
export { convert } from './convert.js';
export { type RecoverOptions, recover } from './resume/recover.js';
export { type ResumeOptions, resume } from './resume/resume.js';
