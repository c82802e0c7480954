import type { Params } from '../wire-kit/params';

/** One request after its checks: who asks, and with what. */
export interface Call {
  /** Query and body together; the body's wins. */
  readonly params: Params;
  /** What stands in the place of {id} in the path. */
  readonly id: string;
  readonly account: string;
}
