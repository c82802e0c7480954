import { create } from 'zustand';
import type { Recording } from '#shared/domain/recording';
import { follow } from './follow';

interface RecordingView {
  /** Null until main has told. */
  readonly recording: Recording | null;
  readonly trouble: string | null;
}
export const useRecording = create<RecordingView>(() => ({ recording: null, trouble: null }));

export function startRecording(): void {
  follow(
    (to, signal) => to.connections.recording(undefined, { signal }),
    (recording) => {
      useRecording.setState({ recording, trouble: null });
      return undefined;
    },
    (trouble) => useRecording.setState({ trouble }),
  );
}
