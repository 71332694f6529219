import { native } from './native.js';

/** Version of the libhdf5 in use, such as `1.10.8`. */
export const libraryVersion = (): string => native.libraryVersion();
