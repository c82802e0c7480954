import { wantKeyForm } from '../state/key-form';
import { focusPanel } from './desk-api';

/** Brings the form for a key to the front, with the account already chosen. */
export function openKeyForm(name: string): void {
  wantKeyForm(name);
  focusPanel('Settings');
}
