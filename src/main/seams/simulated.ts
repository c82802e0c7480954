import { createSeededRandom } from './random';
import type { Seams } from './seams';
import { createVirtualTime, type VirtualTime } from './simulated-clock';
import { createSimulatedDisk, type SimulatedDisk } from './simulated-disk';
import { createSimulatedNetwork, type SimulatedNetwork } from './simulated-network';

export interface SimulatedSeams extends Seams, Omit<VirtualTime, 'clock' | 'timers'> {
  readonly network: SimulatedNetwork;
  readonly disk: SimulatedDisk;
}

/**
 * A world of its own: time moves when told to, sockets and HTTP meet in memory, files are forgotten, and the
 * same seed gives the same run.
 */
export function createSimulatedSeams(seed: number, startMs: number): SimulatedSeams {
  const { clock, timers, ...control } = createVirtualTime(startMs);
  return {
    clock,
    timers,
    random: createSeededRandom(seed),
    network: createSimulatedNetwork(timers),
    disk: createSimulatedDisk(),
    ...control,
  };
}
