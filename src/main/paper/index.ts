export { createPaperVenue } from './paper-venue';
export type * from './types';
