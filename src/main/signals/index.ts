export { type Adapted, type AdaptedSnapshot, adaptSignal, adaptSnapshot, type BadReason } from './adapter';
export { createSignalBuffer } from './buffer';
export {
  createSignalClient,
  type SignalClient,
  type SignalClientOptions,
  type SignalClientState,
  type SignalClientStats,
} from './client';
export { decodeSignalFrame, GET_SIGNALS, type SignalFrame } from './frames';
export type { SignalLink, SignalProtocol } from './link-port';
export { type ParamsAnswer, type ParamsQuestion, resolveParams } from './params';
export { type SignalProtocolOptions, type SignalSession, signalProtocol } from './protocol';
export { createWaveLoop, type WaveLoop, type WaveLoopOptions, type WaveLoopState } from './wave-loop';
export { expectedWave, floorTo15m, signalsOfWave, waveTimeOf } from './waves';
