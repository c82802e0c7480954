export { toFill, toMatchOrder, toSpec, toVenueOrder } from './match-terms';
export { createPaperVenue } from './paper-venue';
export type * from './types';
