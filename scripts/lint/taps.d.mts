export interface TapHit {
  line: number;
  tap: string;
  what: string;
}
export function tapsIn(text: string, fileName?: string): TapHit[];
export function tapsUnder(root: string): (TapHit & { file: string })[];
