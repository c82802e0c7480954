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
export { type ParamLayers, type ParamsAnswer, type ParamsQuestion, resolveParams } from './params';
export {
  applyWave,
  emptyParams,
  lockParam,
  type ParamsChange,
  rollbackParams,
  unlockParam,
  type WaveValues,
} from './params-changes';
export {
  createParamsWriter,
  type ParamsWriter,
  type ParamsWriterOptions,
  type WaveParams,
} from './params-writer';
export { type SignalProtocolOptions, type SignalSession, signalProtocol } from './protocol';
export { createWaveLoop, type WaveLoop, type WaveLoopOptions, type WaveLoopState } from './wave-loop';
export { expectedWave, floorTo15m, signalsOfWave, waveTimeOf } from './waves';
