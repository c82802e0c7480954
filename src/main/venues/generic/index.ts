export { createGeneric, type GenericOptions } from './venue';
