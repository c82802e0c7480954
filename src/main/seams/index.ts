export { createSeededRandom } from './random';
export { createRealSeams } from './real';
export * from './seams';
export { createSimulatedSeams, type SimulatedSeams } from './simulated';
export type { SimulatedDisk } from './simulated-disk';
export type { SimulatedNetwork, Weather } from './simulated-network';
