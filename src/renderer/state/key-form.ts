import { create } from 'zustand';

/** Whose key somebody elsewhere on the desk wants to enter; null when nobody does. */
export const useKeyForm = create<{ readonly wanted: string | null }>(() => ({ wanted: null }));

export const wantKeyForm = (name: string): void => useKeyForm.setState({ wanted: name });
export const closeKeyForm = (): void => useKeyForm.setState({ wanted: null });
