export { createSeededRandom } from './random';
export { createRealSeams } from './real';
export * from './seams';
