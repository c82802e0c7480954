import type { ClientOrderId } from '#shared/domain/basics';

/** Futures refuse a longer externalOid (code 2030); spot is kept to the same, since no figure is documented. */
const LONGEST = 32;

/** Our ids travel as they are; one that is too long is refused before anything is sent. */
export const fitsClientId = (id: ClientOrderId): boolean => id.length <= LONGEST;
